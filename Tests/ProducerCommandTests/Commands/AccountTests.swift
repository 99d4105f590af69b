// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Testing

/// read = acked + failed + skipped, however the built command ends.
@Suite("The account on every way out", .takesTurns, .timeLimit(.minutes(10)))
struct AccountTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    /// The figures of the last line.
    private struct Account: Equatable {
        var read = 0, acked = 0, failed = 0, skipped = 0

        init(_ finished: FinishedProcess) throws {
            let line = try #require(finished.errorLines.last { $0.contains(" read, ") })
            for part in line.dropFirst("kafka-producer: ".count).prefix(while: { $0 != ";" }).split(separator: ", ") {
                let words = part.split(separator: " ")
                let count = Int(words[0].replacing(",", with: "")) ?? -1
                switch words.last {
                case "read": read = count
                case "acked": acked = count
                case "failed": failed = count
                case "skipped": skipped = count
                default: Issue.record("\(line)")
                }
            }
            #expect(read == acked + failed + skipped, "\(line)")
        }
    }

    private func send(
        _ broker: String,
        _ arguments: [String],
        _ input: ChildProcessInput.Source = .nothing
    ) async throws -> FinishedProcess {
        try await KafkaProducerBinary.run(["-b", broker, "-t", "t"] + arguments, input: input)
    }

    @Test("a topic that is refused fails what was read, with the reason, and keeps it for resend")
    func refusedTopic() async throws {
        var configuration = EmbeddedBroker.Configuration()
        configuration.autoCreateTopics = false
        let broker = try await EmbeddedBroker.start(configuration)
        let (input, dead) = (try folder.write("a\nb\n", to: "in"), folder.path + "/dead")
        let words = ["-X", "max.block.ms=300", "--dead-letter", dead, input]
        let finished = try await send(broker.bootstrap, words)
        #expect(finished.status == 1)
        #expect(try Account(finished).failed == 2)
        let line = "2 records failed with UNKNOWN_TOPIC_OR_PARTITION, first \(input):1: topic t does not exist"
        #expect(finished.errorText.contains(line), "\(finished)")
        #expect(finished.errorText.contains("what failed is in \(dead); kafka-producer resend \(dead) sends it again"))
        await broker.stop()
        let open = try await EmbeddedBroker.started()
        let again = try await KafkaProducerBinary.run(["resend", "-b", open.bootstrap, dead])
        #expect(again.status == 0, "\(again)")
        #expect(try await open.sent(to: "t") == [SentRecord("a"), SentRecord("b")])
        await open.stop()
    }

    @Test("no right to the topic, or to the cluster, is said with what to do", .needsPeers)
    func authorization() async throws {
        let cluster = try await MockCluster(brokers: 1, topics: ["t": 1])
        // 29 is TOPIC_AUTHORIZATION_FAILED, 31 CLUSTER_AUTHORIZATION_FAILED; 0 is Produce, 22 InitProducerId.
        for (fault, repair, expected) in [
            ("topic-error t 29", "topic-error t 0", "TOPIC_AUTHORIZATION_FAILED: t: "),
            ("error 0 1000 29", "clear 0", "stdin:1: TOPIC_AUTHORIZATION_FAILED: t-0 at "),
            ("error 22 1000 31", "clear 22", "stdin:1: CLUSTER_AUTHORIZATION_FAILED: t-0 at "),
        ] {
            try await cluster.command(fault)
            let finished = try await send(cluster.bootstrap, [], .text("a\n"))
            try await cluster.command(repair)
            #expect(finished.status == 1)
            // The cluster refuses the topic before or after the line was read: it fails in the one case, stays in the other.
            let account = try Account(finished)
            #expect(account.acked == 0 && account.failed == account.read)
            #expect(account.read == 1 || !expected.hasPrefix("stdin"), "\(finished)")
            #expect(finished.errorText.contains(expected), "\(finished)")
            #expect(finished.errorText.contains("Allow the client's principal "), "\(finished)")
        }
        #expect(try await send(cluster.bootstrap, [], .text("a\n")).status == 0)
    }

    @Test("a read that fails in the middle of an input is not its end, and inputs after it are named")
    func failedRead() async throws {
        let broker = try await EmbeddedBroker.started()
        let other = try folder.write("never\n", to: "other")
        let finished = try await send(broker.bootstrap, ["-", other], .failing(Array("one\ntwo\nhal".utf8)))
        #expect(finished.status == 4)
        #expect(try Account(finished).acked == 2)
        #expect(finished.errorText.contains("error: reading stdin failed after 11 bytes: Input/output error"))
        #expect(finished.errorText.contains("error: not read at all: \(other)"), "\(finished)")
        #expect(try await broker.sent(to: "t") == [SentRecord("one"), SentRecord("two")])
        await broker.stop()
    }

    @Test("a file that is cut off while it is read does not end there: status 4")
    func cutOff() async throws {
        let broker = try await EmbeddedBrokerProcess()
        let line = String(repeating: "x", count: 99) + "\n"
        let path = try folder.write(String(repeating: line, count: 30_000), to: "in")
        let words = [
            "-b", broker.bootstrap, "-t", "t", "-X", "buffer.memory=100000", "--progress", "always", "-", path,
        ]
        let child = try ChildProcess(TestTools.kafkaProducer(), words, input: .open)
        child.write("first\n")
        _ = try await child.line(of: .error) { $0.hasPrefix("kafka-producer: 1 record") }
        // Reading the file stops where memory is full, for the broker answers nothing.
        broker.signal(SIGSTOP)
        child.closeInput()
        _ = try await child.line(of: .error) { $0.contains("memory full") }
        #expect(unsafe truncate(path, 100) == 0)
        broker.signal(SIGCONT)
        let finished = try await child.finish()
        #expect(finished.status == 4, "\(finished)")
        #expect(try Account(finished).acked > 1)
        #expect(finished.errorText.contains("was cut off while it was read: it had 3,000,000 bytes"), "\(finished)")
        try await broker.stop()
    }

    @Test(
        "a full disk costs the output, not the load; each output says so",
        arguments: [
            (["--receipts", "out"], "cannot write receipts to out: File too large"),
            (["--dead-letter", "out", "-K:"], "cannot write dead letters to out: File too large"),
        ]
    )
    func fullDisk(arguments: [String], expected: String) async throws {
        let broker = try await EmbeddedBroker.started()
        try folder.write(
            (0..<5000).map { $0.isMultiple(of: 2) ? "k:\($0)" : "\($0)" }.joined(separator: "\n"),
            to: "in"
        )
        let finished = try await limited(to: 1, ["-b", broker.bootstrap, "-t", "t"] + arguments + ["in"])
        #expect(finished.status == 1)
        #expect(finished.errorText.contains("error: \(expected)"), "\(finished)")
        #expect(try Account(finished).read == 5000)
        await broker.stop()
    }

    @Test("a checkpoint that cannot be written is told before anything is sent")
    func fullDiskAtTheBeginning() async throws {
        let broker = try await EmbeddedBroker.started()
        try folder.write("a\n", to: "in")
        let words = ["-b", broker.bootstrap, "-t", "t", "in", "--checkpoint"]
        let full = try await limited(to: 0, words + ["state"])
        #expect(full.status == 2)
        #expect(full.errorText.contains("--checkpoint: cannot write state: File too large"), "\(full)")
        let nowhere = try await send(
            broker.bootstrap,
            [folder.path + "/in", "--checkpoint", folder.path + "/no/state"]
        )
        #expect(nowhere.status == 2)
        #expect(await broker.topics["t"] == nil)
        await broker.stop()
    }

    /// Runs the command where no file may become larger than so many KiB.
    private func limited(to size: Int, _ arguments: [String]) async throws -> FinishedProcess {
        let command = ([try TestTools.kafkaProducer()] + arguments).joined(separator: " ")
        return try await ChildProcess.run(
            "/bin/bash",
            ["-c", "ulimit -f \(size); exec \(command)"],
            directory: folder.path
        )
    }

    @Test("after a signal, what finds no memory fails in time, and is kept")
    func signalWhileMemoryIsFull() async throws {
        let broker = try await EmbeddedBrokerProcess()
        let dead = folder.path + "/dead"
        let settings = ["buffer.memory=50000", "delivery.timeout.ms=4000", "request.timeout.ms=3000", "linger.ms=0"]
        let words = ["-b", broker.bootstrap, "-t", "t", "--progress", "always", "--dead-letter", dead]
        let child = try ChildProcess(
            TestTools.kafkaProducer(),
            words + settings.flatMap { ["-X", $0] },
            input: .open
        )
        child.write("first\n")
        _ = try await child.line(of: .error) { $0.hasPrefix("kafka-producer: 1 record") }
        broker.signal(SIGSTOP)
        // More than memory holds, fewer than one read: all of them are read.
        let lines = (0..<4000).map { "\($0) " + String(repeating: "x", count: 50) }
        child.write(lines.joined(separator: "\n") + "\n")
        _ = try await child.line(of: .error) { $0.contains("memory full") }
        child.signal(SIGTERM)
        let finished = try await child.finish()
        #expect(finished.status == 143, "\(finished)")
        let account = try Account(finished)
        #expect(account.read == 4001 && account.acked == 1)
        #expect(finished.errorText.contains("records failed with INTERRUPTED, first stdin:"), "\(finished)")
        let letters = try LetterLine.all(in: dead)
        #expect(letters.map(\.line).sorted() == Array(2...4001))
        broker.signal(SIGCONT)
        try await broker.stop()
    }
}
