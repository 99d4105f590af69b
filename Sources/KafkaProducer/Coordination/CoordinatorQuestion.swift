// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Something that a coordinator is asked outside of any transaction, and that changes nothing.
struct CoordinatorQuestion<Request: KafkaRequest> where Request.Response: ThrottledResponse {
    /// Who is asked.
    let coordinator: TransactionRequest.Coordinator
    /// Whom it coordinates: a group or a transactional id.
    let key: String
    /// The versions that say all that is asked.
    let versions: ClosedRange<Int16>
    /// The request in a version.
    let request: (Int16) -> Request
    /// The worst error of an answer.
    let error: (Request.Response) -> ErrorCode

    /// What the question is about, for messages.
    var subject: String {
        switch coordinator {
        case .group(let group): "group \(group)"
        case .transaction: "transactional.id=\(key)"
        }
    }
}

/// How long a question is asked, and who learns that it takes long.
package struct QuestionPatience: Sendable {
    /// How long it is asked at most.
    package var limit: Duration
    /// Whether nobody waits for the answer any more.
    package var isStopped: @Sendable () -> Bool
    /// Called after each try that has failed.
    package var onWait: @Sendable (CoordinatorWait) -> Void

    package init(
        limit: Duration,
        isStopped: @escaping @Sendable () -> Bool = { false },
        onWait: @escaping @Sendable (CoordinatorWait) -> Void = { _ in }
    ) {
        self.limit = limit
        self.isStopped = isStopped
        self.onWait = onWait
    }
}
