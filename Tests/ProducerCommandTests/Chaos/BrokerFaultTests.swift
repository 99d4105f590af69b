// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Testing

/// What becomes of a load of the built command when its broker does one thing wrong, and what a person is told.
@Suite("Faults of brokers", .takesTurns, .timeLimit(.minutes(10)))
struct BrokerFaultTests {
    /// A fault, as `broker --faults` takes it, and what a person sees of it.
    struct Case: Sendable, CustomTestStringConvertible {
        var fault: String
        var status: Int32
        /// What the command says; nil when there is nothing to say.
        var says: String?

        var testDescription: String { fault }
    }

    private static let passing = [
        "produce 3 error NOT_ENOUGH_REPLICAS", "produce 3 error-after-append NOT_ENOUGH_REPLICAS_AFTER_APPEND",
        "produce 3 error-after-append REQUEST_TIMED_OUT", "produce 3 error KAFKA_STORAGE_ERROR",
        "produce 3 error CORRUPT_MESSAGE", "produce 3 drop", "produce 3 append-then-drop", "produce 3-6 half-answer",
        "produce 3 wrong-correlation-id", "produce every 4 torn 3", "produce 3 no-answer", "produce 3 delay 50ms",
        "connection 2-4 drop", "produce 3 refuse-connections 300ms", "produce 3 throttle 300ms",
        "produce 3 down 500ms", "produce 3 move-leader", "produce every 5 move-leader without-hints stale-metadata 2",
        "init-producer-id 1-3 error COORDINATOR_LOAD_IN_PROGRESS", "api-versions 1 drop", "metadata 2 half-answer",
    ]

    private static let failing = [
        Case(
            fault: "produce 3 error TOPIC_AUTHORIZATION_FAILED",
            status: 1,
            says: "TOPIC_AUTHORIZATION_FAILED, first stdin:"
        ),
        Case(fault: "produce 3 error INVALID_REQUIRED_ACKS", status: 1, says: "Set acks to all, 1 or 0."),
        Case(fault: "produce refuse-records containing 77", status: 1, says: "INVALID_RECORD, first stdin:"),
        Case(fault: "produce 3 error POLICY_VIOLATION", status: 1, says: "Ask whoever runs the cluster"),
        Case(
            fault: "init-producer-id error CLUSTER_AUTHORIZATION_FAILED",
            status: 1,
            says: "or set enable.idempotence=false"
        ),
        Case(
            fault: "produce 3- error NOT_ENOUGH_REPLICAS",
            status: 1,
            says: "times, and answered with NOT_ENOUGH_REPLICAS: "
        ),
        Case(
            fault: "produce 3- error NOT_ENOUGH_REPLICAS",
            status: 1,
            says: ". Start the brokers that are missing, or lower the topic's min.insync.replicas"
        ),
        Case(fault: "produce 3- no-answer", status: 1, says: "records failed with "),
    ]

    @Test("what passes leaves each line there once, in order", arguments: passing)
    func passes(fault: String) async throws {
        try await run(Case(fault: fault, status: 0))
    }

    @Test("what does not pass fails some lines, with the reason, and the others are delivered", arguments: failing)
    func fails(fault: Case) async throws {
        try await run(fault)
    }

    private func run(_ fault: Case) async throws {
        let folder = try TemporaryDirectory()
        var configuration = EmbeddedBroker.Configuration()
        configuration.brokers = 3
        configuration.topics = ["t": 6]
        configuration.faults = try FaultScript(parsing: fault.fault, file: "faults")
        let broker = try await EmbeddedBroker.start(configuration)
        let lines = NumberedLines(2000, seed: 5)
        let (receipts, letters) = (folder.path + "/receipts", folder.path + "/letters")
        let settings = [
            "linger.ms=0", "batch.size=2000", "retry.backoff.ms=5", "retry.backoff.max.ms=50", "reconnect.backoff.ms=5",
            "reconnect.backoff.max.ms=50", "request.timeout.ms=1000",
            "delivery.timeout.ms=\(fault.status == 0 ? 30000 : 3000)",
        ]
        let finished = try await KafkaProducerBinary.run(
            ["-b", broker.bootstrap, "-t", "t", "-K", "\\t", "--receipts", receipts, "--dead-letter", letters]
                + settings.flatMap { ["-X", $0] },
            input: .text(lines.text)
        )
        #expect(finished.status == fault.status, "\(finished)")
        if let says = fault.says { #expect(finished.errorText.contains(says), "\(finished)") }
        let account = try RunAccount(finished, receipts: receipts, letters: letters)
        #expect(account.imbalance(lines: lines.count) == nil, "\(finished)")
        var records: [StoredRecord] = []
        for partition in 0..<6 {
            for record in try await broker.records(topic: "t", partition: partition) {
                records.append(StoredRecord(record, partition: partition))
            }
        }
        let stored = StoredLines(records, of: lines)
        #expect(stored.lost(account) == [])
        #expect(stored.wrongReceipt(account) == nil)
        #expect(stored.strangers == 0 && stored.duplicates == 0)
        #expect(stored.disorder() == nil)
        await broker.stop()
    }
}
