// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Testing

/// Names and kinds of the error codes of Kafka 4.3.
@Suite("Error codes")
struct ErrorCodeTests {
    @Test(
        "codes have Kafka's names",
        arguments: [
            (Int16(-1), "UNKNOWN_SERVER_ERROR"), (0, "NONE"), (2, "CORRUPT_MESSAGE"), (6, "NOT_LEADER_OR_FOLLOWER"),
            (10, "MESSAGE_TOO_LARGE"), (35, "UNSUPPORTED_VERSION"), (45, "OUT_OF_ORDER_SEQUENCE_NUMBER"),
            (59, "UNKNOWN_PRODUCER_ID"), (74, "FENCED_LEADER_EPOCH"), (87, "INVALID_RECORD"), (90, "PRODUCER_FENCED"),
            (100, "UNKNOWN_TOPIC_ID"), (120, "TRANSACTION_ABORTABLE"), (129, "REBOOTSTRAP_REQUIRED"),
            (133, "SHARE_SESSION_LIMIT_REACHED"),
        ]
    )
    func names(code: Int16, name: String) {
        #expect(ErrorCode(rawValue: code).name == name)
        #expect("\(ErrorCode(rawValue: code))" == name)
    }

    @Test("an unknown code keeps its number", arguments: [Int16(-2), 134, .min, .max])
    func unknown(code: Int16) {
        let error = ErrorCode(rawValue: code)
        #expect(error.rawValue == code)
        #expect(error.name == "UNKNOWN_ERROR_CODE(\(code))")
        #expect(!error.isRetriable)
        #expect(!error.explanation.isEmpty)
    }

    @Test("all codes have a name of their own and a sentence of explanation")
    func table() {
        let codes = (-1...133).map { ErrorCode(rawValue: $0) }
        #expect(Set(codes.map(\.name)).count == codes.count)
        #expect(codes.allSatisfy { $0.explanation.hasSuffix(".") && !$0.name.hasPrefix("UNKNOWN_ERROR_CODE") })
    }

    @Test("retriable codes are those of the Java client's RetriableException, and some invalidate metadata")
    func retriable() {
        let codes = (-1...133).map { ErrorCode(rawValue: $0) }
        #expect(
            codes.filter(\.isRetriable).map(\.rawValue) == [
                2, 3, 5, 6, 7, 9, 13, 14, 15, 16, 19, 20, 41, 51, 56, 70, 71, 72, 74, 75, 78, 80, 83, 84, 88, 89, 100,
                103, 106, 122, 123, 133,
            ]
        )
        #expect(
            codes.filter(\.invalidatesMetadata).map(\.rawValue) == [
                3, 5, 6, 9, 13, 56, 72, 74, 80, 83, 84, 100, 103,
            ]
        )
    }
}
