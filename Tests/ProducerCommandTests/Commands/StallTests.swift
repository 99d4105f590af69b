// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Testing

/// The built command says what it waits for, within two seconds: the tests wait for the line.
@Suite("Stalls", .takesTurns, .timeLimit(.minutes(10)))
struct StallTests {
    private func start(
        _ bootstrap: String,
        _ arguments: [String] = [],
        input: ChildProcessInput.Source = .open,
        error: ChildProcessOutput = .collected
    ) throws -> ChildProcess {
        let words = ["-b", bootstrap, "-t", "t", "--progress", "always", "-X", "linger.ms=0"]
        return try ChildProcess(TestTools.kafkaProducer(), words + arguments, input: input, error: error)
    }

    /// Waits for the line that tells of the stall, and returns what is waited for and how long nothing had moved.
    private func stall(_ child: ChildProcess) async throws -> (seconds: Double, reason: String) {
        let line = try await child.line(of: .error) { $0.contains("nothing moves for ") }
        let parts = line.components(separatedBy: " s, waiting: ")
        let seconds = try #require(parts.first?.split(separator: " ").last.flatMap { Double($0) })
        return (seconds, try #require(parts.last))
    }

    @Test(
        "the reason is named",
        .needsPeers,
        arguments: [
            // What the cluster is told, and then what is waited for. 0 is Produce, 22 InitProducerId.
            ("leader t 0 -1", "no leader for t-0"), ("error 22 1000 14", "no producer id yet"),
            ("error 0 1000 7", "t-0 waits for attempt 2 after REQUEST_TIMED_OUT"), ("down 1", "reconnecting to "),
            ("rtt 1 60000", "no answer from broker "),
        ]
    )
    func reasons(fault: String, expected: String) async throws {
        let cluster = try await MockCluster(brokers: 1, topics: ["t": 1])
        // An id is asked for once: the fault has to be there before.
        let isEarly = fault.hasPrefix("error 22")
        if isEarly { try await cluster.command(fault) }
        let settings = ["retry.backoff.ms=5000", "retry.backoff.max.ms=5000"].flatMap { ["-X", $0] }
        let child = try start(cluster.bootstrap, expected.contains("attempt") ? settings : [])
        if !isEarly {
            child.write("one\n")
            _ = try await child.line(of: .error) { $0.hasPrefix("kafka-producer: 1 record") }
            try await cluster.command(fault)
        }
        child.write("two\n")
        let (seconds, reason) = try await stall(child)
        #expect(reason.contains(expected), "\(reason)")
        #expect(seconds < 2)
        child.signal(SIGINT)
        _ = try await child.line(of: .error) { $0.contains("a second signal leaves at once") }
        child.signal(SIGINT)
        #expect(try await child.finish().status == 130)
    }

    @Test("a broker that throttles is named")
    func throttled() async throws {
        var configuration = EmbeddedBroker.Configuration()
        configuration.faults = try FaultScript(parsing: "produce 1 throttle 60s", file: "faults")
        let broker = try await EmbeddedBroker.start(configuration)
        let child = try start(broker.bootstrap)
        child.write("one\n")
        _ = try await child.line(of: .error) { $0.hasPrefix("kafka-producer: 1 record") }
        child.write("two\n")
        let (seconds, reason) = try await stall(child)
        #expect(reason.hasPrefix("throttled by broker 127.0.0.1:"), "\(reason)")
        #expect(seconds < 2)
        child.signal(SIGINT)
        _ = try await child.line(of: .error) { $0.contains("a second signal leaves at once") }
        child.signal(SIGINT)
        #expect(try await child.finish().status == 130)
        await broker.stop()
    }

    @Test("memory that stays full is named, and the progress line of a terminal shows it")
    func memory() async throws {
        let broker = try await EmbeddedBrokerProcess()
        let words = ["-X", "buffer.memory=50000", "--receipts", "-"]
        let child = try start(broker.bootstrap, words, error: .terminal)
        child.write("one\n")
        _ = try await child.nextLine()
        broker.signal(SIGSTOP)
        child.write(String(repeating: String(repeating: "x", count: 99) + "\n", count: 2000))
        _ = try await child.line(of: .error) { $0.contains("nothing moves for ") && $0.contains("memory full") }
        broker.signal(SIGCONT)
        child.closeInput()
        let finished = try await child.finish()
        #expect(finished.status == 0)
        let isShown = finished.errorText.split(separator: "\r").contains {
            $0.contains("  waiting: no answer from broker ")
        }
        #expect(isShown, "\(finished)")
        try await broker.stop()
    }

    @Test("a slow reader of receipts is named while records are read, and at the end")
    func receipts() async throws {
        let broker = try await EmbeddedBrokerProcess()
        let folder = try TemporaryDirectory()
        let fifo = folder.path + "/receipts"
        #expect(unsafe mkfifo(fifo, 0o600) == 0)
        // Opened for writing too, so that opening waits for nobody.
        let reader = unsafe open(fifo, O_RDWR | O_CLOEXEC)
        defer { close(reader) }
        let words = ["--receipts", fifo, "--receipts-format", "%v"]
        // The first fills what may wait; the second fits, and waits at the end only.
        for count in [60, 3] {
            let line = String(repeating: "x", count: 500_000) + "\n"
            let child = try start(broker.bootstrap, words, input: .text(String(repeating: line, count: count)))
            let reason = try await stall(child).reason
            #expect(reason.hasPrefix("\(fifo) takes receipts slowly ("), "\(reason)")
            var memory = [UInt8](repeating: 0, count: 1 << 16)
            var left = count * 500_000
            while left > 0 {
                let read = unsafe read(reader, &memory, memory.count)
                try #require(read > 0)
                left -= read
            }
            let finished = try await child.finish()
            #expect(finished.status == 0, "\(finished)")
            #expect(finished.errorLines.last?.contains("\(count) records read, \(count) acked, 0 failed;") == true)
        }
        try await broker.stop()
    }

    @Test("a slow reader of dead letters is named, and keeps no other record from being delivered")
    func deadLetters() async throws {
        let broker = try await EmbeddedBrokerProcess()
        let folder = try TemporaryDirectory()
        let fifo = folder.path + "/letters"
        #expect(unsafe mkfifo(fifo, 0o600) == 0)
        let reader = unsafe open(fifo, O_RDWR | O_CLOEXEC)
        defer { close(reader) }
        let line = String(repeating: "x", count: 700_000) + "\n"
        // The first is delivered while the letters of the others wait to be read.
        let input = "first\n" + String(repeating: line, count: 60)
        let words = ["--dead-letter", fifo, "-X", "max.request.size=600000", "--receipts", "-"]
        let child = try start(broker.bootstrap, words, input: .text(input))
        let reason = try await stall(child).reason
        #expect(reason.hasPrefix("\(fifo) takes dead letters slowly ("), "\(reason)")
        _ = try await child.nextLine()
        var memory = [UInt8](repeating: 0, count: 1 << 16)
        var left = 60
        while left > 0 {
            let count = unsafe read(reader, &memory, memory.count)
            try #require(count > 0)
            left -= memory.newlines(inFirst: count).count
        }
        let finished = try await child.finish()
        #expect(left == 0)
        #expect(finished.status == 1, "\(finished)")
        #expect(finished.errorLines.last?.contains("61 records read, 1 acked, 60 failed;") == true, "\(finished)")
        try await broker.stop()
    }

    @Test("resend says it too", .needsPeers)
    func resend() async throws {
        let cluster = try await MockCluster(brokers: 1, topics: ["t": 1])
        try await cluster.command("leader t 0 -1")
        let folder = try TemporaryDirectory()
        let file = try folder.write(#"{"topic":"t","value":"1"}"# + "\n", to: "letters")
        let child = try ChildProcess(TestTools.kafkaProducer(), ["resend", "-b", cluster.bootstrap, file])
        #expect(try await stall(child).reason.contains("no leader for t-0"))
        try await cluster.command("leader t 0 1")
        #expect(try await child.finish().status == 0)
    }
}
