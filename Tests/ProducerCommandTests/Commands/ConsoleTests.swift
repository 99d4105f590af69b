// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import Testing

/// What the built command says, and to whom.
@Suite("What is said", .takesTurns, .timeLimit(.minutes(10)))
struct ConsoleTests {
    @Test("nobody listening to stdout or stderr is no reason to stop")
    func deadStreams() async throws {
        let broker = try await EmbeddedBroker.started()
        let ends: [ChildProcessOutput] = [.readerGone, .closed, .file("/dev/full")]
        for end in ends {
            let finished = try await ChildProcess.run(
                TestTools.kafkaProducer(),
                ["-b", broker.bootstrap, "-t", "t", "-v"],
                input: .text("a\n"),
                output: end,
                error: end
            )
            #expect(finished.status == 0)
        }
        #expect(try await broker.sent(to: "t").count == ends.count)
        await broker.stop()
    }

    @Test("a normal run is one line on stderr, a quiet one none, and errors are never hidden")
    func verbosity() async throws {
        let broker = try await EmbeddedBroker.started()
        let arguments = ["-b", broker.bootstrap, "-t", "t", "-K:"]
        let normal = try await KafkaProducerBinary.run(arguments, input: .text("k:v\n"))
        #expect(normal.errorLines.count == 1)
        #expect(normal.errorText.hasPrefix("kafka-producer: 1 record read, 1 acked, 0 failed; 2 B in "), "\(normal)")
        let quiet = try await KafkaProducerBinary.run(
            arguments + ["-q", "--progress", "always"],
            input: .text("k:v\n")
        )
        #expect(quiet.error.isEmpty)
        let failed = try await KafkaProducerBinary.run(arguments + ["-q"], input: .text("kv\n"))
        #expect(failed.errorLines.count == 1)
        #expect(failed.status == 1)
        await broker.stop()
    }

    @Test("a terminal gets a progress line that is rewritten in place and makes way for other lines")
    func terminal() async throws {
        // A broker that is not there makes a run that lasts without anything happening.
        let finished = try await ChildProcess.run(
            TestTools.kafkaProducer(),
            ["-b", "127.0.0.1:1", "-t", "t", "-X", "max.block.ms=2000"],
            input: .text("a\n"),
            error: .terminal,
            environment: ["TERM": "xterm"]
        )
        #expect(finished.status == 3)
        let screen = finished.errorText
        #expect(screen.contains("\r0 records  0 B  0/s  0 B/s  0 in flight\u{1B}[K\r0 records"), "\(finished)")
        #expect(screen.contains("\u{1B}[K\r\u{1B}[Kkafka-producer: warning: cannot reach 127.0.0.1:1"), "\(finished)")
        let error = "\r\u{1B}[Kkafka-producer: error: stdin:1: NO_BROKER_REACHABLE: no broker"
        #expect(screen.contains(error), "\(finished)")
    }

    @Test("a terminal that is dumb, or that shows receipts, gets no line that is rewritten")
    func noRewriting() async throws {
        let arguments = ["-b", "127.0.0.1:1", "-t", "t", "-X", "max.block.ms=2000"]
        async let dumbRun = ChildProcess.run(
            TestTools.kafkaProducer(),
            arguments,
            input: .text("a\n"),
            error: .terminal,
            environment: ["TERM": "dumb"]
        )
        async let receiptsRun = ChildProcess.run(
            TestTools.kafkaProducer(),
            arguments + ["--receipts", "-"],
            input: .text("a\n"),
            output: .terminal,
            error: .terminal,
            environment: ["TERM": "xterm"]
        )
        let (dumb, receipts) = try await (dumbRun, receiptsRun)
        #expect(dumb.errorText.contains("cannot reach 127.0.0.1:1"), "\(dumb)")
        #expect(!dumb.errorText.contains("\u{1B}") && !dumb.errorText.contains("in flight"), "\(dumb)")
        #expect(!receipts.errorText.contains("in flight"), "\(receipts)")
    }

    @Test("progress can be turned off on a terminal, and on elsewhere: there as whole lines")
    func choice() async throws {
        let arguments = ["-b", "127.0.0.1:1", "-t", "t", "-X", "max.block.ms=2000"]
        async let offRun = ChildProcess.run(
            TestTools.kafkaProducer(),
            arguments + ["--progress", "never"],
            input: .text("a\n"),
            error: .terminal
        )
        async let onRun = KafkaProducerBinary.run(arguments + ["--progress", "always"], input: .text("a\n"))
        let (off, on) = try await (offRun, onRun)
        #expect(!off.errorText.contains("in flight"))
        #expect(on.errorLines.contains("kafka-producer: 0 records  0 B  0/s  0 B/s  0 in flight"), "\(on)")
    }
}
