// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import KafkaProtocol
import Testing

@testable import ProducerCommand

@Suite("The account at the end")
struct SummaryTests {
    @Test("what ran out of time is told with what brokers answered as long as there was time")
    func cause() {
        var ledger = Ledger()
        let words = "Expiring 2 record(s) (sent 5 times, and answered with NOT_ENOUGH_REPLICAS: too few)"
        for cause in [ErrorCode.notEnoughReplicas, .notEnoughReplicas, nil] {
            let error = ProducerError(.timedOut, topic: "orders", partition: 3, message: words, cause: cause)
            ledger.fail(error, place: nil)
        }
        let lines = Summary(ledger: ledger, seconds: 1).failureLines
        #expect(lines.count == 2 && ledger.failures.map(\.kind.name) == ["TIMED_OUT", "TIMED_OUT"])
        #expect(lines.first?.hasPrefix("2 records failed with TIMED_OUT, first orders-3: Expiring") == true, "\(lines)")
        #expect(lines.first?.contains(" Start the brokers that are missing") == true, "\(lines)")
        #expect(lines.last?.contains("See that the brokers run") == true, "\(lines)")
    }

    @Test("what the command refuses for the reason of the producer is counted with it")
    func sameKind() {
        var ledger = Ledger()
        ledger.fail(ProducerError(.recordTooLarge, message: "too large"), place: nil)
        ledger.fail(RecordFault.tooLarge(size: 2, limit: 1, setting: "max.request.size"), place: nil)
        ledger.fail(RecordFault.interrupted("a signal"), place: nil)
        ledger.fail(ProducerError(.interrupted, message: "a signal"), place: nil)
        #expect(ledger.failures.map(\.kind.name) == ["RECORD_TOO_LARGE", "INTERRUPTED"])
        #expect(ledger.failures.map(\.count) == [2, 2])
    }

    @Test("advice names the topic that the failure is about")
    func topicInAdvice() {
        var ledger = Ledger()
        ledger.fail(ProducerError(.broker(.topicAuthorizationFailed), topic: "orders", message: "no"), place: nil)
        let line = Summary(ledger: ledger, seconds: 1).failureLines.first
        #expect(line?.hasSuffix("--operation Write --topic orders.") == true, "\(line ?? "")")
    }

    @Test(
        "rates of small loads have two digits that tell something",
        arguments: [(0.0, "0"), (0.0954, "0.095"), (0.5, "0.50"), (3.24, "3.2"), (9.96, "10"), (1234.4, "1,234")]
    )
    func rates(value: Double, text: String) { #expect(NumberText.rate(value) == text) }

    @Test(
        "a small load's bytes a second are not rounded to nothing",
        arguments: [(0.0, "0 B/s"), (0.407, "0.41 B/s"), (1.0, "1 B/s"), (5.62, "5.6 B/s"), (12_345.0, "12.3 kB/s")]
    )
    func byteRates(value: Double, text: String) { #expect(NumberText.byteRate(value) == text) }

    @Test("one line says what was read, what became of it, and how fast")
    func line() {
        var ledger = Ledger()
        ledger.read = 5_000_000
        ledger.delivered(records: 5_000_000, bytes: 500_000_000)
        #expect(
            Summary(ledger: ledger, seconds: 0.5).line
                == "5,000,000 records read, 5,000,000 acked, 0 failed; 500.0 MB in 0.50 s (10,000,000 records/s, 1.0 GB/s)"
        )
        #expect(ledger.unsettled == 0)
    }

    @Test("an empty input is a line as well")
    func nothing() {
        #expect(
            Summary(ledger: Ledger(), seconds: 0).line
                == "0 records read, 0 acked, 0 failed; 0 B in 0.000 s (0 records/s, 0 B/s)"
        )
    }

    @Test("what was not settled when the command left is told")
    func unsettled() {
        var ledger = Ledger()
        ledger.read = 3
        ledger.delivered(records: 1, bytes: 1)
        #expect(
            Summary(ledger: ledger, seconds: 1).line.hasPrefix("3 records read, 1 acked, 0 failed, 2 not delivered;")
        )
    }

    @Test("each kind of failure has one line with its count and its first example")
    func failures() {
        var ledger = Ledger()
        ledger.read = 4
        let place = InputPlace(input: "in.txt", line: 17, offset: 0)
        let message = "MESSAGE_TOO_LARGE: too large."
        for _ in 0..<3 {
            let error = ProducerError(.broker(.messageTooLarge), topic: "orders", partition: 3, message: message)
            ledger.fail(error, place: place)
        }
        ledger.fail(ProducerError(.recordTooLarge, message: "raise max.request.size"), place: nil)
        #expect(
            Summary(ledger: ledger, seconds: 1).failureLines == [
                "3 records failed with MESSAGE_TOO_LARGE, first in.txt:17: orders-3: too large. Raise the topic's "
                    + "max.message.bytes, or send smaller records.",
                "RECORD_TOO_LARGE: raise max.request.size",
            ]
        )
        #expect(ledger.failed == 4)
    }

    @Test("the first of a kind is the one that comes first in the input, whichever failed first")
    func lowestLine() {
        var ledger = Ledger()
        for line in [17, 4, 9, 3, 12] as [UInt64] {
            let place = InputPlace(input: "in.txt", line: line, offset: 0)
            ledger.fail(ProducerError(.timedOut, message: "t-\(line)"), record: line - 1, place: place)
        }
        ledger.fail(ProducerError(.timedOut, message: "of unknown place"), place: nil)
        #expect(ledger.failures.map(\.firstPlace?.line) == [3])
        #expect(ledger.failures.map(\.firstMessage) == ["t-3"])
        #expect(ledger.failures.map(\.count) == [6])
    }

    @Test("the advice names the topic of the record that is told, not of the one that failed first")
    func topicOfLowestLine() {
        var ledger = Ledger()
        let place = InputPlace(input: "in.txt", line: 1, offset: 0)
        for (topic, record) in [("later", 7), ("earlier", 3)] as [(String, UInt64)] {
            let error = ProducerError(.broker(.topicAuthorizationFailed), topic: topic, message: "no")
            ledger.fail(error, record: record, place: place)
        }
        #expect(ledger.failures.map(\.topic) == ["earlier"])
    }

    @Test(
        "what a broker may answer to a producer comes with what to do",
        arguments: (-1...133).map { ErrorCode(rawValue: $0) }
    )
    func advice(code: ErrorCode) throws {
        guard code != .none else { return }
        let advice = try #require(FailureKind.broker(code).advice())
        #expect(advice.hasSuffix(".") && advice.count > 10)
        // A code that a producer cannot meet has nothing of its own.
        guard Self.met.contains(code) else { return }
        #expect(advice != FailureKind.broker(ErrorCode(rawValue: 9999)).advice(), "\(code)")
    }

    /// The errors that Kafka's brokers answer to metadata, producer id and produce requests.
    private static let met: [ErrorCode] = [
        .unknownServerError, .corruptMessage, .unknownTopicOrPartition, .leaderNotAvailable, .notLeaderOrFollower,
        .requestTimedOut, .brokerNotAvailable, .replicaNotAvailable, .messageTooLarge, .networkException,
        .invalidTopic, .recordListTooLarge, .notEnoughReplicas, .notEnoughReplicasAfterAppend,
        .invalidRequiredAcks, .topicAuthorizationFailed, .clusterAuthorizationFailed, .invalidTimestamp,
        .unsupportedVersion, .invalidRequest, .unsupportedForMessageFormat, .policyViolation,
        .outOfOrderSequenceNumber, .invalidProducerEpoch, .kafkaStorageError, .unknownProducerID, .listenerNotFound,
        .fencedLeaderEpoch, .unknownLeaderEpoch, .unsupportedCompressionType, .throttlingQuotaExceeded,
        .invalidRecord, .unknownTopicID, .transactionalIDAuthorizationFailed, .saslAuthenticationFailed,
    ]
}
