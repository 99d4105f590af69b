// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import NIOCore

/// Those who wait to learn how many partitions topics have. Belongs to the reader's event loop.
final class PartitionCounts {
    private let client: ClusterClient
    private var waits: [CountWait] = []

    init(_ client: ClusterClient) { self.client = client }

    func add(_ wait: CountWait) { waits.append(wait) }

    /// Ends the waits for which there is an answer, or no hope.
    ///
    /// - Returns: When to look again, if nothing happens before.
    func pass(now: NIODeadline) -> NIODeadline? {
        var next = EarliestDeadline()
        for wait in waits {
            client.use(wait.topic, now: now)
            guard let obstacle = client.obstacle(topic: wait.topic) else {
                let count = client.cluster.topics[wait.topic]?.partitions.count ?? 0
                end(wait) { $0.end(.success(count)) }
                continue
            }
            switch wait.patience.met(obstacle, now: now) {
            case .wait(let until):
                next.consider(until)
                client.requestUpdate()
            case .fail(let fault):
                let error = ReaderError(fault, topic: wait.topic, partition: nil, broker: nil)
                end(wait) { $0.end(.failure(error)) }
            }
        }
        return next.value
    }

    /// Ends one of the waits, or all for nil.
    func giveUp(_ ticket: WaitTicket?, _ code: ReaderError.Code, _ message: String) {
        for wait in waits where ticket == nil || wait.ticket == ticket { end(wait) { $0.giveUp(code, message) } }
    }

    private func end(_ wait: CountWait, _ body: (CountWait) -> Void) {
        waits.removeAll { $0 === wait }
        body(wait)
    }
}
