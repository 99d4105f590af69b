// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// The broker and its disk: what is flushed, and what happens when there is no room.
@Suite("The broker's disk", .takesTurns, .timeLimit(.minutes(10)))
struct BrokerDiskTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    @Test("a load into a broker whose disk gets full and has room again is stored once and in order")
    func fullDisk() async throws {
        let broker = try ChildProcess(
            TestTools.kafkaProducer(),
            ["broker", "--port", "0", "--data-dir", folder.path + "/data", "--topic", "t:1"],
            limit: .seconds(300)
        )
        let bootstrap = String(try await broker.line { $0.hasPrefix("listening on ") }.dropFirst("listening on ".count))
        try await broker.limitFileSize("50000")
        let lines = (1...5000).map { "line \($0) " + String(repeating: "x", count: 90) + "\n" }.joined()
        let producer = try ChildProcess(
            TestTools.kafkaProducer(),
            ["-b", bootstrap, "-t", "t", "-X", "batch.size=2000"],
            input: .text(lines),
            limit: .seconds(300)
        )
        let trouble = try await broker.nextLine(of: .error)
        #expect(trouble.contains("cannot write \(folder.path)/data/t-0/00000000000000000000.log: File too large"))
        #expect(trouble.contains("producers get KAFKA_STORAGE_ERROR"))
        // A reader is served meanwhile.
        let early = try await KafkaProducerBinary.run(["read", "-b", bootstrap, "-t", "t", "--output", "value"])
        #expect(early.status == 0)
        #expect(lines.hasPrefix(early.outputText))
        try await broker.limitFileSize("unlimited")
        let sent = try await producer.finish()
        #expect(sent.status == 0, "\(sent)")
        let read = try await KafkaProducerBinary.run(["read", "-b", bootstrap, "-t", "t", "--output", "value"])
        #expect(read.outputText == lines)
        broker.signal(15)
        let ended = try await broker.finish()
        #expect(ended.status == 0)
        #expect(ended.errorLines.filter { $0.contains("KAFKA_STORAGE_ERROR") }.count == 1, "\(ended)")
    }

    @Test("--fsync and --fsync-interval-ms are the defaults of flush.messages and flush.ms")
    func flushing() async throws {
        let broker = try await EmbeddedBrokerProcess([
            "--data-dir", folder.path + "/data", "--fsync", "--fsync-interval-ms", "1000", "--topic", "t:1",
        ])
        try await KafkaProducerBinary.send(.text("a\nb\n"), to: "t", at: broker.bootstrap)
        let read = try await KafkaProducerBinary.run(["read", "-b", broker.bootstrap, "-t", "t", "--output", "value"])
        #expect(read.outputText == "a\nb\n")
        #expect(try await broker.stop().status == 0)
    }

    @Test(
        "without a folder there is nothing to flush, and a time is a number from 1",
        arguments: [
            (["--fsync"], "--fsync needs --data-dir"),
            (["--fsync-interval-ms", "5"], "--fsync-interval-ms needs --data-dir"),
            (["--data-dir", "data", "--fsync-interval-ms", "0"], "--fsync-interval-ms 0: it must be 1 or more"),
        ]
    )
    func refused(options: [String], expected: String) async throws {
        let finished = try await KafkaProducerBinary.run(["broker", "--port", "0"] + options)
        #expect(finished.status == 2)
        #expect(finished.errorText.contains(expected), "\(finished)")
    }

    /// A broker with 3,000 partitions, as started by a shell that lets it have 1,024 files open and more if it asks.
    private func startLarge(_ options: String = "") async throws -> (ChildProcess, bootstrap: String) {
        let command = "ulimit -S -n 1024; exec \"$0\" broker --port 0 --data-dir \"$1\" " + options
        let broker = try ChildProcess(
            "/bin/sh",
            ["-c", command, TestTools.kafkaProducer(), folder.path + "/data"],
            limit: .seconds(300)
        )
        let line = try await broker.line { $0.hasPrefix("listening on ") }
        return (broker, String(line.dropFirst("listening on ".count)))
    }

    @Test(
        "thousands of partitions in a folder are there after a stop and after kill -9, however few files a shell allows"
    )
    func manyPartitions() async throws {
        let lines = (1...20_000).map { "k\($0):value \($0)\n" }
        var (broker, bootstrap) = try await startLarge("--topic t:3000")
        try await KafkaProducerBinary.send(.text(lines.joined()), to: "t", at: bootstrap, arguments: ["-K", ":"])
        for signal in [SIGTERM, SIGKILL] {
            broker.signal(signal)
            _ = try await broker.finish()
            (broker, bootstrap) = try await startLarge()
            let read = try await KafkaProducerBinary.run(["read", "-b", bootstrap, "-t", "t", "--output", "value"])
            #expect(read.outputLines.sorted() == (1...20_000).map { "value \($0)" }.sorted())
        }
        broker.signal(SIGTERM)
        #expect(try await broker.finish().status == 0)
    }
}
