// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Logging

/// Answers FindCoordinator: there is none, since this broker has neither consumer groups nor transactions.
///
/// It is served all the same, because librdkafka compresses with lz4 only where it finds this API. For a group the answer
/// is COORDINATOR_NOT_AVAILABLE, with which a consumer that assigns its partitions itself works undisturbed; for a
/// transaction it is UNSUPPORTED_VERSION, which no client retries.
struct FindCoordinatorService {
    let logger: Logger

    func serve(_ request: FindCoordinatorRequest, _ context: RequestContext) -> Answer {
        let isGroup = request.keyType == 0
        let message = isGroup ? "the embedded broker has no consumer groups" : "the embedded broker has no transactions"
        logger.debug("\(message)", metadata: context.connection.metadata)
        return context.answer(
            FindCoordinatorResponse(
                errorCode: isGroup ? .coordinatorNotAvailable : .unsupportedVersion,
                errorMessage: message
            )
        )
    }
}

/// Asks for the coordinator of a group or, from version 1 on, of a transaction. Later versions are not served.
struct FindCoordinatorRequest: KafkaRequest {
    typealias Response = FindCoordinatorResponse

    static let apiKey = APIKey.findCoordinator
    static let validVersions: ClosedRange<Int16> = 0...2

    var key = ""
    var keyType: Int8 = 0

    mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("key", &key)
        try coder.field("keyType", &keyType, since: 1)
    }
}

/// Tells the coordinator, or why there is none.
struct FindCoordinatorResponse: KafkaResponse {
    typealias Request = FindCoordinatorRequest

    var throttleTimeMs: Int32 = 0
    var errorCode = ErrorCode.none
    var errorMessage: String?
    var nodeID: Int32 = -1
    var host = ""
    var port: Int32 = -1

    mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs, since: 1)
        try coder.field("errorCode", &errorCode)
        try coder.field("errorMessage", &errorMessage, since: 1)
        try coder.field("nodeId", &nodeID)
        try coder.field("host", &host)
        try coder.field("port", &port)
    }
}
