// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// What `acks` gives when brokers go, shown by `broker ctl` at a running broker.
@Suite("broker ctl", .takesTurns, .timeLimit(.minutes(10)))
struct BrokerControlTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private var socket: String { folder.path + "/ctl" }

    private func start(_ options: [String] = []) async throws -> EmbeddedBrokerProcess {
        let replicas = ["--brokers", "3", "--replication-factor", "3", "--topic", "t:1", "--control", socket]
        return try await EmbeddedBrokerProcess(replicas + options)
    }

    private func control(_ words: String...) async throws -> FinishedProcess {
        try await ChildProcess.run(TestTools.kafkaProducer(), ["broker", "ctl", "--control", socket] + words)
    }

    private func send(_ text: String, _ broker: EmbeddedBrokerProcess, _ settings: String...) async throws
        -> FinishedProcess
    {
        try await KafkaProducerBinary.run(
            ["-b", broker.bootstrap, "-t", "t"] + settings.flatMap { ["-X", $0] },
            input: .text(text)
        )
    }

    private func read(_ broker: EmbeddedBrokerProcess) async throws -> String {
        try await KafkaProducerBinary.run(["read", "-b", broker.bootstrap, "-t", "t", "--output", "value"]).outputText
    }

    @Test(
        "with acks=1 and acks=0 a killed leader takes along what was acked, and no follower had",
        arguments: ["1", "0"]
    )
    func acksOneLoses(acks: String) async throws {
        let broker = try await start()
        #expect(try await send("kept\n", broker).status == 0)
        #expect(try await control("part", "1").status == 0)
        let sent = try await send("lost\n", broker, "acks=\(acks)", "enable.idempotence=false")
        #expect(sent.status == 0)
        #expect(sent.errorText.contains("1 acked"), "\(sent)")
        // No follower has it, and no consumer sees it.
        #expect(try await read(broker) == "kept\n")
        #expect(try await control("kill", "1").status == 0)
        #expect(try await control("heal").status == 0)
        #expect(try await control("start", "1").status == 0)
        let status = try await control("status").outputText
        #expect(status.contains("t-0 leader 2 epoch 1"), "\(status)")
        #expect(try await read(broker) == "kept\n")
        try await broker.stop()
    }

    @Test("with acks=all and min.insync.replicas=2 nothing that was acked is lost, whichever brokers are killed")
    func acksAllKeeps() async throws {
        let broker = try await start(["--min-insync-replicas", "2"])
        var expected = ""
        for node in [1, 2, 3, 1, 2] {
            #expect(try await send("before \(node)\n", broker).status == 0)
            #expect(try await control("kill", "\(node)").status == 0)
            #expect(try await send("without \(node)\n", broker).status == 0)
            expected += "before \(node)\nwithout \(node)\n"
            #expect(try await control("start", "\(node)").status == 0)
        }
        #expect(try await read(broker) == expected)
        // With one replica left it is refused, and not acked and lost.
        #expect(try await control("kill", "2").status == 0)
        #expect(try await control("kill", "3").status == 0)
        let refused = try await send("refused\n", broker, "delivery.timeout.ms=1000", "request.timeout.ms=500")
        #expect(refused.status == 1)
        #expect(refused.errorText.contains("NOT_ENOUGH_REPLICAS"), "\(refused)")
        try await broker.stop()
    }

    @Test(
        "what cannot be done is said in one line",
        arguments: [["stop", "9"], ["jump"], ["stop"], ["elect", "none"]]
    )
    func refused(words: [String]) async throws {
        let broker = try await start()
        let finished = try await ChildProcess.run(
            TestTools.kafkaProducer(),
            ["broker", "ctl", "--control", socket] + words
        )
        #expect(finished.status == 2)
        #expect(finished.errorText.split(separator: "\n").count == 1, "\(finished)")
        try await broker.stop()
        #expect(!FileManager.default.fileExists(atPath: socket))
    }

    @Test("without a broker one line says so, and the status is 3")
    func nobody() async throws {
        let finished = try await control("status")
        #expect(finished.status == 3)
        #expect(finished.errorText.contains("no broker listens at \(socket)"), "\(finished)")
        #expect(finished.errorText.split(separator: "\n").count == 1, "\(finished)")
    }

    @Test("a broker with a data directory is found by it")
    func dataDirectory() async throws {
        let data = folder.path + "/data"
        let broker = try await EmbeddedBrokerProcess(["--data-dir", data, "--topic", "t:1"])
        let finished = try await ChildProcess.run(
            TestTools.kafkaProducer(),
            ["broker", "ctl", "--data-dir", data, "status"]
        )
        #expect(finished.outputText.contains("t-0 leader 1 epoch 0 replicas 1 in-sync 1"), "\(finished)")
        try await broker.stop()
    }
}
