// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import KafkaProtocol
import NIOCore
import Testing

@Suite("Replicas in a data directory")
struct ReplicaFolderTests {
    private func run(
        _ directory: String,
        brokers: Int = 3,
        factor: Int = 3,
        _ body: (EmbeddedBroker, TestClient) async throws -> Void
    ) async throws {
        try await withBroker {
            $0.brokers = brokers
            $0.topics = ["orders": 2]
            $0.replicationFactor = factor
            $0.dataDirectory = directory
        } _: { (broker: EmbeddedBroker, client) async throws in
            try await body(broker, client)
        }
    }

    private func append(_ client: TestClient, _ value: String, acks: Int16 = -1) async throws {
        let request = ProduceRequest(try TestBatch.make([value]), topic: "orders", acks: acks)
        #expect(try await client.send(request, version: 9).single.errorCode == .none)
    }

    private func values(_ broker: EmbeddedBroker) async throws -> [String] {
        try await broker.records(topic: "orders", partition: 0).map { $0.value.map { String(buffer: $0) } ?? "null" }
    }

    @Test("each broker has a folder, and all is there after a restart: logs, who is in sync, who leads, epochs")
    func restart() async throws {
        try await withTemporaryDirectory { directory in
            try await run(directory) { (broker: EmbeddedBroker, client) async throws in
                try await append(client, "a")
                try await broker.kill(node: 1)
                let other = try await TestClient.connect(port: broker.ports[1])
                try await append(other, "b")
                await other.close()
            }
            for node in 1...3 {
                let folder = "\(directory)/node-\(node)/orders-0"
                #expect(FileManager.default.fileExists(atPath: folder + "/00000000000000000000.log"))
                #expect(FileManager.default.fileExists(atPath: folder + "/leader-epoch-checkpoint"))
            }
            try await run(directory) { (broker: EmbeddedBroker, _) async throws in
                let state = try await broker.describe(topic: "orders", partition: 0)
                #expect(state.leader == 2)
                #expect(state.leaderEpoch == 2)
                #expect(try await values(broker) == ["a", "b"])
                try await broker.replicate()
                let later = try await broker.describe(topic: "orders", partition: 0)
                #expect(later.inSyncReplicas == [1, 2, 3])
                #expect(later.logEndOffsets == [1: 2, 2: 2, 3: 2])
            }
        }
    }

    @Test("replicas are found by their folders when what was written down of them is gone")
    func lostState() async throws {
        try await withTemporaryDirectory { directory in
            try await run(directory) { (broker: EmbeddedBroker, client) async throws in
                try await append(client, "a")
                try await broker.part(node: 3)
                try await append(client, "b", acks: 1)
                try await broker.replicate()
            }
            for file in ["replicas.state", "topics.state"] {
                try FileManager.default.removeItem(atPath: directory + "/" + file)
            }
            try await run(directory) { (broker: EmbeddedBroker, _) async throws in
                #expect(try await values(broker) == ["a", "b"])
                try await broker.replicate()
                let state = try await broker.describe(topic: "orders", partition: 0)
                #expect(state.inSyncReplicas == [1, 2, 3])
                #expect(state.logEndOffsets == [1: 2, 2: 2, 3: 2])
            }
        }
    }

    @Test("the log of a time when all replicas had one becomes that of the first, and the others fetch it")
    func formerLayout() async throws {
        try await withTemporaryDirectory { directory in
            try await run(directory, factor: 1) { _, client in try await append(client, "a") }
            #expect(FileManager.default.fileExists(atPath: directory + "/orders-0"))
            try Data("orders/replication.factor=3\n".utf8)
                .write(to: URL(fileURLWithPath: directory + "/topics.properties"))
            try await run(directory) { (broker: EmbeddedBroker, _) async throws in
                #expect(try await values(broker) == ["a"])
                try await broker.replicate()
                let state = try await broker.describe(topic: "orders", partition: 0)
                #expect(state.inSyncReplicas == [1, 2, 3])
                #expect(state.logEndOffsets == [1: 1, 2: 1, 3: 1])
            }
            #expect(!FileManager.default.fileExists(atPath: directory + "/orders-0"))
        }
    }

    @Test("fewer brokers than have replicas is an error that says how many there must be")
    func tooFewBrokers() async throws {
        try await withTemporaryDirectory { directory in
            try await run(directory) { _, client in try await append(client, "a") }
            var configuration = EmbeddedBroker.Configuration()
            configuration.brokers = 2
            configuration.dataDirectory = directory
            let failure = await failure(starting: configuration)
            #expect(failure?.message.contains("start with --brokers 3 or more") == true, "\(failure?.message ?? "")")
        }
    }

    @Test("a topic that is called as the folders of brokers are keeps its records")
    func topicNode() async throws {
        try await withTemporaryDirectory { directory in
            for isAgain in [false, true] {
                try await withBroker {
                    $0.brokers = 3
                    $0.topics = ["node": 3, "orders": 1]
                    $0.topicSettings["orders"] = TopicSettings(replicationFactor: 3)
                    $0.dataDirectory = directory
                } _: { (broker: EmbeddedBroker, _) async throws in
                    let client = try await TestClient.connect(port: broker.ports[1])
                    if !isAgain { try await client.append(TestBatch.make(["a"]), topic: "node", partition: 1) }
                    await client.close()
                    #expect(try await broker.logEndOffset(topic: "node", partition: 1) == 1)
                    #expect(await broker.topics == ["node": 3, "orders": 1])
                }
            }
        }
    }
}
