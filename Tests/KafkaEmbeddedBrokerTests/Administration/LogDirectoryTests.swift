// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Testing

@testable import KafkaEmbeddedBroker

@Suite("DescribeLogDirs")
struct LogDirectoryTests {
    /// What a broker says: the partitions of each folder, with their sizes.
    private func describe(
        _ broker: EmbeddedBroker,
        node: Int,
        topics: [DescribeLogDirsRequest.Topic]? = nil
    ) async throws -> [String: [String: Int64]] {
        let client = try await TestClient.connect(port: broker.ports[node - 1])
        let response = try await client.send(DescribeLogDirsRequest(topics: topics), version: 4)
        await client.close()
        #expect(response.errorCode == .none)
        return response.results.reduce(into: [:]) { folders, folder in
            #expect(folder.errorCode == .none)
            for topic in folder.topics {
                for partition in topic.partitions {
                    folders[folder.logDir, default: [:]]["\(topic.name)-\(partition.partitionIndex)"] =
                        partition.partitionSize
                }
            }
        }
    }

    @Test("each of several brokers tells of its own copies, with their sizes, in the folders where they are")
    func severalBrokers() async throws {
        try await withTemporaryDirectory { directory in
            try await withBroker {
                $0.brokers = 3
                $0.topics = ["one": 3, "two": 3]
                $0.topicSettings["two"] = TopicSettings(replicationFactor: 2)
                $0.dataDirectory = directory
            } _: { (broker: EmbeddedBroker, client) async throws in
                try await client.append(try TestBatch.make(), topic: "one")
                try await broker.holdReplication()
                let request = ProduceRequest(try TestBatch.make(), topic: "two", acks: 1)
                #expect(try await client.send(request, version: 9).single.errorCode == .none)
                let first = try await describe(broker, node: 1)
                #expect(first == [directory: ["one-0": 93], directory + "/node-1": ["two-0": 93, "two-2": 0]])
                // Broker 2 follows partition 0, and has nothing of it yet.
                let second = try await describe(broker, node: 2)
                #expect(second == [directory: ["one-1": 0], directory + "/node-2": ["two-0": 0, "two-1": 0]])
                try await broker.replicate()
                #expect(try await describe(broker, node: 2)[directory + "/node-2"]?["two-0"] == 93)
                let wanted = try await describe(broker, node: 3, topics: [.init(topic: "two", partitions: [1, 0])])
                #expect(wanted == [directory + "/node-3": ["two-1": 0]])
            }
        }
    }

    @Test("in memory there is one folder that says so")
    func memory() async throws {
        try await withBroker {
            $0.brokers = 2
            $0.topics = ["one": 2, "two": 1]
            $0.topicSettings["two"] = TopicSettings(replicationFactor: 2)
        } _: { (broker: EmbeddedBroker, _) async throws in
            #expect(try await describe(broker, node: 1) == ["/memory": ["one-0": 0, "two-0": 0]])
            #expect(try await describe(broker, node: 2) == ["/memory": ["one-1": 0, "two-0": 0]])
        }
    }
}
