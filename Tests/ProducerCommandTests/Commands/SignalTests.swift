// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Testing

/// The built command when a person or a system asks it to end.
@Suite("Signals", .takesTurns, .timeLimit(.minutes(10)))
struct SignalTests {
    /// Starts the command with a stdin that stays open, and waits until it has delivered the whole lines of `text`.
    private func start(_ text: String, acked: Int, at bootstrap: String) async throws -> ChildProcess {
        let child = try ChildProcess(
            TestTools.kafkaProducer(),
            ["-b", bootstrap, "-t", "t", "--progress", "always"],
            input: .open
        )
        child.write(text)
        _ = try await child.line(of: .error) { $0.hasPrefix("kafka-producer: \(acked) record") }
        return child
    }

    @Test(
        "a signal ends a blocked read; what was read is delivered, half a line is not",
        arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)]
    )
    func firstSignal(signal: Int32, status: Int32) async throws {
        let broker = try await EmbeddedBroker.started()
        let child = try await start("one\ntwo\nthr", acked: 2, at: broker.bootstrap)
        child.signal(signal)
        let finished = try await child.finish()
        #expect(finished.status == status)
        let last = finished.errorLines.last
        #expect(last?.hasPrefix("kafka-producer: 2 records read, 2 acked, 0 failed;") == true, "\(finished)")
        #expect(finished.errorText.contains("reading ended before stdin:3; what follows was not read"))
        #expect(try await broker.sent(to: "t") == [SentRecord("one"), SentRecord("two")])
        await broker.stop()
    }

    @Test(
        "a signal ends the wait for a topic or a partition at once, and tells what was missing",
        arguments: [
            (["-t", "t", "-p", "99"], "topic t has no partition 99; it has 1"),
            (["-t", "absent"], "topic absent is not there (UNKNOWN_TOPIC_OR_PARTITION)"),
        ]
    )
    func waitForTopic(options: [String], reason: String) async throws {
        var configuration = EmbeddedBroker.Configuration()
        configuration.autoCreateTopics = false
        configuration.topics["t"] = 1
        let broker = try await EmbeddedBroker.start(configuration)
        for (command, status) in [([], 130), (["perf", "--num-records", "9", "--record-size", "1"], 143)] {
            let child = try ChildProcess(
                TestTools.kafkaProducer(),
                command + ["-b", broker.bootstrap, "-v"] + options,
                input: .text("one\n"),
                limit: .seconds(40)
            )
            // By then the cluster has told what it has.
            _ = try await child.line(of: .error) { $0.contains("nothing moves for ") || $0.contains("absent") }
            child.signal(status == 130 ? SIGINT : SIGTERM)
            let finished = try await child.finish()
            #expect(finished.status == status, "\(finished)")
            #expect(finished.errorText.contains(reason), "\(finished)")
            #expect(!finished.errorText.contains("any broker was reached"), "\(finished)")
        }
        await broker.stop()
    }

    @Test("SIGUSR1 asks for the account so far, also with -q")
    func account() async throws {
        let broker = try await EmbeddedBroker.started()
        let child = try await start("one\ntwo\n", acked: 2, at: broker.bootstrap)
        child.signal(SIGUSR1)
        let line = try await child.line(of: .error) { $0.hasPrefix("kafka-producer: so far: ") }
        #expect(line.hasPrefix("kafka-producer: so far: 2 records read, 2 acked, 0 failed; "), "\(line)")
        child.closeInput()
        #expect(try await child.finish().status == 0)
        await broker.stop()
    }

    @Test("SIGUSR1 asks perf and the broker as well")
    func otherAccounts() async throws {
        let server = try ChildProcess(TestTools.kafkaProducer(), ["broker", "--port", "0"], input: .open)
        let address = try await server.line(of: .output) { $0.hasPrefix("listening on ") }.dropFirst(13)
        server.signal(SIGUSR1)
        let held = try await server.line(of: .error) { $0.contains("listening on \(address)") }
        #expect(held == "kafka-producer: listening on \(address); 0 topics, 0 partitions")
        let perf = try ChildProcess(
            TestTools.kafkaProducer(),
            ["perf", "-b", String(address), "-t", "t", "--num-records", "100000000", "--record-size", "10"]
                + ["--throughput", "100", "--reporting-interval", "100"],
            input: .nothing
        )
        _ = try await perf.line(of: .output) { $0.contains("records sent") }
        perf.signal(SIGUSR1)
        let line = try await perf.line(of: .error) { $0.contains("so far: ") }
        #expect(line.contains(" acked, 0 failed"), "\(line)")
        perf.signal(SIGTERM)
        #expect(try await perf.finish().status == 143)
        server.signal(SIGTERM)
        #expect(try await server.finish().status == 0)
    }

    @Test("signals that mean nothing here end nothing", arguments: [SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF])
    func ignored(signal: Int32) async throws {
        let broker = try await EmbeddedBroker.started()
        let child = try await start("one\ntwo\n", acked: 2, at: broker.bootstrap)
        child.signal(signal)
        child.write("three\n")
        child.closeInput()
        let finished = try await child.finish()
        #expect(finished.status == 0 && finished.errorText.contains("3 records read, 3 acked"), "\(finished)")
        await broker.stop()
    }

    @Test("under nohup the end of the session is no end")
    func hangUpUnderNohup() async throws {
        let broker = try await EmbeddedBroker.started()
        let command = "\(try TestTools.kafkaProducer()) -b \(broker.bootstrap) -t t --progress always"
        let child = try ChildProcess("/usr/bin/nohup", ["/bin/sh", "-c", "exec \(command)"], input: .open)
        child.write("one\n")
        _ = try await child.line(of: .error) { $0.hasPrefix("kafka-producer: 1 record") }
        child.signal(SIGHUP)
        child.write("two\n")
        _ = try await child.line(of: .error) { $0.hasPrefix("kafka-producer: 2 record") }
        child.closeInput()
        #expect(try await child.finish().status == 0)
        #expect(try await broker.sent(to: "t").count == 2)
        await broker.stop()
    }

    @Test("nobody has to listen on stdout or stderr", arguments: [true, false])
    func silence(isClosed: Bool) async throws {
        let broker = try await EmbeddedBroker.started()
        let output: ChildProcessOutput = isClosed ? .closed : .readerGone
        let finished = try await ChildProcess.run(
            TestTools.kafkaProducer(),
            ["-b", broker.bootstrap, "-t", "t", "-v", "-K:"],
            input: .text("a:1\nbad\nb:2\n"),
            output: output,
            error: output
        )
        #expect(finished.status == 1)
        #expect(try await broker.sent(to: "t") == [SentRecord("1", key: "a"), SentRecord("2", key: "b")])
        await broker.stop()
    }

    @Test("a writer that dies ends the input: all it has written is delivered, also half a line")
    func writerDies() async throws {
        let broker = try await EmbeddedBroker.started()
        let command = "\(try TestTools.kafkaProducer()) -b \(broker.bootstrap) -t t"
        let writer = "{ printf 'one\\ntw'; kill -9 $BASHPID; }"
        let finished = try await ChildProcess.run("/bin/bash", ["-c", "\(writer) | \(command)"])
        #expect(finished.status == 0, "\(finished)")
        #expect(finished.errorLines.last?.contains("2 records read, 2 acked, 0 failed;") == true)
        #expect(try await broker.sent(to: "t") == [SentRecord("one"), SentRecord("tw")])
        await broker.stop()
    }

    @Test("a FIFO that no writer has opened can be left")
    func fifo() async throws {
        let broker = try await EmbeddedBroker.started()
        let folder = try TemporaryDirectory()
        let path = folder.path + "/fifo"
        #expect(unsafe mkfifo(path, 0o600) == 0)
        let child = try ChildProcess(TestTools.kafkaProducer(), ["-b", broker.bootstrap, "-t", "t", "-v", path])
        _ = try await child.line(of: .error) { $0.contains("connected to") }
        child.signal(SIGTERM)
        #expect(try await child.finish().status == 143)
        await broker.stop()
    }

    @Test("the wait for brokers that are not there can be left")
    func unreachable() async throws {
        let child = try ChildProcess(
            TestTools.kafkaProducer(),
            ["-b", "127.0.0.1:1", "-t", "t", "-v"],
            input: .text("a\n")
        )
        _ = try await child.line(of: .error) { $0.contains("cannot reach 127.0.0.1:1") }
        child.signal(SIGINT)
        #expect(try await child.finish().status == 130)
    }

    @Test("a second signal leaves at once and says what was not delivered")
    func secondSignal() async throws {
        let broker = try ChildProcess(TestTools.kafkaProducer(), ["broker", "--port", "0"])
        let bootstrap = String(try await broker.nextLine().dropFirst("listening on ".count))
        let child = try await start("one\n", acked: 1, at: bootstrap)
        broker.signal(SIGSTOP)
        child.write("two\n")
        _ = try await child.line(of: .error) { $0.contains("  1 in flight") }
        child.signal(SIGINT)
        _ = try await child.line(of: .error) { $0.contains("a second signal leaves at once") }
        child.signal(SIGINT)
        let finished = try await child.finish()
        #expect(finished.status == 130)
        #expect(finished.errorText.contains("left at once; 2 records read, 1 acked, 0 failed, 1 not delivered;"))
        broker.signal(SIGCONT)
    }

    @Test("the broker ends on SIGTERM, and what it acknowledged is there when it starts again")
    func broker() async throws {
        let folder = try TemporaryDirectory()
        let data = folder.path + "/data"
        let first = try await EmbeddedBrokerProcess(["--data-dir", data, "--topic", "other:3"])
        try await KafkaProducerBinary.send(.text("a\n"), to: "t", at: first.bootstrap)
        #expect(try await first.stop().status == 0)
        var configuration = EmbeddedBroker.Configuration()
        configuration.dataDirectory = data
        let second = try await EmbeddedBroker.start(configuration)
        #expect(try await second.sent(to: "t") == [SentRecord("a")])
        #expect(await second.topics == ["t": 1, "other": 3])
        await second.stop()
    }
}
