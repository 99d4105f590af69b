// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Logging

/// Answers FindCoordinator: there is none, since this broker has neither consumer groups nor transactions.
///
/// It is served all the same, because librdkafka compresses with lz4 only where it finds this API. For a group the answer
/// is COORDINATOR_NOT_AVAILABLE, with which a consumer that assigns its partitions itself works undisturbed; for a
/// transaction it is UNSUPPORTED_VERSION, which no client retries.
struct FindCoordinatorService {
    /// Later versions ask for several keys at once.
    static let versions: ClosedRange<Int16> = 0...2

    let authorizer: Authorizer
    let logger: Logger

    func serve(_ request: FindCoordinatorRequest, _ context: RequestContext) -> Answer {
        let isGroup = request.keyType == 0
        guard authorizer.allows(context.principal, .describe, isGroup ? .group : .transactionalID, request.key) else {
            return context.answer(
                FindCoordinatorResponse(
                    errorCode: isGroup ? .groupAuthorizationFailed : .transactionalIDAuthorizationFailed,
                    errorMessage: nil,
                    nodeID: -1,
                    port: -1
                )
            )
        }
        let message = isGroup ? "the embedded broker has no consumer groups" : "the embedded broker has no transactions"
        logger.debug("\(message)", metadata: context.connection.metadata)
        return context.answer(
            FindCoordinatorResponse(
                errorCode: isGroup ? .coordinatorNotAvailable : .unsupportedVersion,
                errorMessage: message,
                nodeID: -1,
                port: -1
            )
        )
    }
}
