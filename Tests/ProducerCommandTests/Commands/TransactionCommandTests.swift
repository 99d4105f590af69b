// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import KafkaReader
import Testing

/// The built command as a chain of transactions.
@Suite("Transactions of the command", .takesTurns, .timeLimit(.minutes(10)))
struct TransactionCommandTests {
    private static let lines = (1...1050).map { "line \($0)" }

    private func withBroker(_ version: Int16, _ body: (EmbeddedBroker) async throws -> Void) async throws {
        let version = try #require(TransactionProtocol(rawValue: version))
        let broker = try await EmbeddedBroker.started {
            $0.topics = ["t": 1]
            $0.transactions.version = version
        }
        do {
            try await body(broker)
        } catch {
            await broker.stop()
            throw error
        }
        await broker.stop()
    }

    private func committed(_ broker: EmbeddedBroker) async throws -> [String] {
        try await TopicReader.values("t", from: broker.bootstrap, isolation: .readCommitted)
    }

    @Test("a load is cut after so many records, and all of it is committed in order", arguments: [Int16(1), 2])
    func chain(version: Int16) async throws {
        try await withBroker(version) { broker in
            let text = Self.lines.map { $0 + "\n" }.joined()
            let words = ["-b", broker.bootstrap, "-t", "t", "-v", "--transactional-id", "x", "--commit-records", "100"]
            let run = try await KafkaProducerBinary.run(words + ["--receipts", "-"], input: .text(text))
            #expect(run.status == 0, "\(run)")
            #expect(try await committed(broker) == Self.lines)
            #expect(run.outputLines.count == 1050)
            #expect(run.errorText.contains("transaction 11 is committed: 50 records"), "\(run)")
            #expect(run.errorText.contains("1,050 records read, 1,050 acked, 0 failed"), "\(run)")
            #expect(run.errorText.contains("isolation.level=read_committed"))
        }
    }

    @Test("keyed lines, and bytes as the limit", arguments: [Int16(1), 2])
    func bytes(version: Int16) async throws {
        try await withBroker(version) { broker in
            let text = Self.lines.map { "k\($0.count)\t\($0)\n" }.joined()
            let words = ["-b", broker.bootstrap, "-t", "t", "-v", "--transactional-id", "x", "--commit-bytes", "4000"]
            let run = try await KafkaProducerBinary.run(words + ["-K", "\\t"], input: .text(text))
            #expect(run.status == 0, "\(run)")
            #expect(try await committed(broker) == Self.lines)
            #expect(run.errorText.contains("transaction 3 is committed"), "\(run)")
        }
    }

    @Test(
        "a refused record aborts its transaction, and the message says from where to send again",
        arguments: [
            Int16(1), 2,
        ]
    )
    func refused(version: Int16) async throws {
        try await withBroker(version) { broker in
            try await broker.inject(try Fault(parsing: "produce 3 error INVALID_RECORD"))
            let text = Self.lines.map { $0 + "\n" }.joined()
            let words = ["-b", broker.bootstrap, "-t", "t", "--transactional-id", "x", "--commit-records", "100"]
            let run = try await KafkaProducerBinary.run(words + ["--receipts", "-"], input: .text(text))
            #expect(run.status == 1, "\(run)")
            let stored = try await committed(broker)
            #expect(stored == Array(Self.lines.prefix(stored.count)))
            #expect(stored.count.isMultiple(of: 100) && stored.count < 1050)
            #expect(run.outputLines.count == stored.count)
            #expect(run.errorText.contains("everything before stdin:\(stored.count + 1) is committed"), "\(run)")
            #expect(run.errorText.contains("INVALID_RECORD"), "\(run)")
        }
    }

    @Test("a transaction is committed when its time has come, while the input says nothing", arguments: [Int16(1), 2])
    func interval(version: Int16) async throws {
        try await withBroker(version) { broker in
            let folder = try TemporaryDirectory()
            let process = try ChildProcess(
                TestTools.kafkaProducer(),
                [
                    "-b", broker.bootstrap, "-t", "t", "--transactional-id", "x", "--commit-interval", "50ms",
                    "--receipts", "-",
                ],
                input: .open,
                directory: folder.path,
                limit: .seconds(60)
            )
            process.write("one\ntwo\n")
            // Receipts are written once the transaction is committed.
            _ = try await process.nextLine()
            _ = try await process.nextLine()
            process.write("three\n")
            _ = try await process.nextLine()
            process.signal(15)
            let run = try await process.finish()
            #expect(run.status == 143, "\(run)")
            #expect(try await committed(broker) == ["one", "two", "three"])
        }
    }

    @Test(
        "another run with the same id takes over, and the first one says so and ends with status 1",
        arguments: [
            Int16(1), 2,
        ]
    )
    func takenOver(version: Int16) async throws {
        try await withBroker(version) { broker in
            let folder = try TemporaryDirectory()
            let words = ["-b", broker.bootstrap, "-t", "t", "--transactional-id", "x"]
            let first = try ChildProcess(
                TestTools.kafkaProducer(),
                words + ["--commit-records", "1", "--commit-interval", "59s", "--receipts", "-"],
                input: .open,
                directory: folder.path,
                limit: .seconds(60)
            )
            first.write("mine\n")
            _ = try await first.nextLine()
            try await KafkaProducerBinary.send(
                .text("theirs\n"),
                to: "t",
                at: broker.bootstrap,
                arguments: [
                    "--transactional-id", "x",
                ]
            )
            first.write("too late\n")
            let run = try await first.finish()
            #expect(run.status == 1, "\(run)")
            #expect(run.errorText.contains("another producer has taken over transactional.id=x"), "\(run)")
            #expect(run.errorText.contains("everything before stdin:2 is committed"), "\(run)")
            #expect(try await committed(broker) == ["mine", "theirs"])
        }
    }

    @Test(
        "what does not go together is refused with a sentence",
        arguments: [
            (["--commit-records", "5"], "--commit-records needs --transactional-id"),
            (["--transactional-id", "x", "--checkpoint", "c", "/dev/null"], "--checkpoint does not go together"),
            (["--transactional-id", "x", "--commit-interval", "60s"], "must be shorter than transaction.timeout.ms"),
            (["--transactional-id", "x", "--commit-interval", "soon"], "--commit-interval \"soon\""),
            (["--transactional-id", "x", "--commit-records", "0"], "--commit-records takes a number above 0"),
            (["--transactional-id", "x", "-X", "acks=1"], "without also enabling idempotence"),
            (
                ["-X", "transaction.two.phase.commit.enable=true"],
                "transaction.two.phase.commit.enable=true is not supported"
            ),
        ]
    )
    func usage(words: [String], message: String) async throws {
        let run = try await KafkaProducerBinary.run(["-b", "127.0.0.1:1", "-t", "t"] + words)
        #expect(run.status == 2, "\(run)")
        #expect(run.errorText.contains(message), "\(run)")
    }

    @Test(
        "requests and answers that are lost are asked for again: each line is there once, in order",
        arguments: [
            Int16(1), 2,
        ]
    )
    func lostAnswers(version: Int16) async throws {
        let faults = [
            "find-coordinator 1 drop", "init-producer-id 1 append-then-drop", "init-producer-id 2 drop",
            "add-partitions-to-txn 2 drop", "add-partitions-to-txn 4 append-then-drop", "end-txn 1 drop",
            "end-txn 3 append-then-drop", "end-txn 5 error NOT_COORDINATOR", "produce 5 append-then-drop",
        ]
        try await withBroker(version) { broker in
            for fault in faults { try await broker.inject(try Fault(parsing: fault)) }
            let text = Self.lines.map { $0 + "\n" }.joined()
            let words = ["-b", broker.bootstrap, "-t", "t", "--transactional-id", "x", "--commit-records", "100"]
            let run = try await KafkaProducerBinary.run(words, input: .text(text))
            #expect(run.status == 0, "\(run)")
            #expect(try await committed(broker) == Self.lines)
        }
    }

    @Test("a right that is missing is named, with what it is about")
    func missingRight() async throws {
        try await withBroker(2) { broker in
            let fault = "init-producer-id error TRANSACTIONAL_ID_AUTHORIZATION_FAILED"
            try await broker.inject(try Fault(parsing: fault))
            let words = ["-b", broker.bootstrap, "-t", "t", "--transactional-id", "x"]
            let run = try await KafkaProducerBinary.run(words, input: .text("a\n"))
            #expect(run.status == 1, "\(run)")
            #expect(run.errorText.contains("transactional.id=x"), "\(run)")
            #expect(run.errorText.contains("Allow the client's principal to Write to the transactional id"), "\(run)")
            #expect(try await committed(broker).isEmpty)
        }
    }

    @Test("resend does not send in transactions, and says so")
    func resend() async throws {
        let run = try await KafkaProducerBinary.run(
            ["resend", "-b", "127.0.0.1:1", "-X", "transactional.id=x", "/dev/null"]
        )
        #expect(run.status == 2, "\(run)")
        #expect(run.errorText.contains("resend sends without transactions"), "\(run)")
    }

    @Test("perf commits as kafka-producer-perf-test does", arguments: [Int16(1), 2])
    func perf(version: Int16) async throws {
        try await withBroker(version) { broker in
            let words = [
                "perf", "-b", broker.bootstrap, "-t", "t", "--num-records", "2000", "--record-size", "10", "-v",
                "--transaction-duration-ms", "1", "--throughput", "20000",
            ]
            let run = try await KafkaProducerBinary.run(words)
            #expect(run.status == 0, "\(run)")
            #expect(try await committed(broker).count == 2000)
            #expect(run.errorText.contains("transaction 2 is committed"), "\(run)")
        }
    }

    @Test("librdkafka's mock cluster takes the chain, with the protocol that it knows")
    func mockCluster() async throws {
        let cluster = try await MockCluster(brokers: 3, topics: ["t": 2])
        let text = Self.lines.map { $0 + "\n" }.joined()
        let words = ["-b", cluster.bootstrap, "-t", "t", "-v", "--transactional-id", "x", "--commit-records", "200"]
        let run = try await KafkaProducerBinary.run(words, input: .text(text))
        #expect(run.status == 0, "\(run)")
        #expect(run.errorText.contains("transaction 6 is committed: 50 records"), "\(run)")
        #expect(Set(try await TopicReader.values("t", from: cluster.bootstrap)) == Set(Self.lines))
    }
}
