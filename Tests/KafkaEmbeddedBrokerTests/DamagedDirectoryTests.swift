// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaEmbeddedBroker

/// Files of a data directory that say what no broker wrote. Each of these numbers once ended the process.
@Suite("A damaged data directory")
struct DamagedDirectoryTests {
    /// Runs `body` with two brokers on a folder that holds the topic `orders` and these files, by their paths in it.
    private func withFiles(
        _ files: [String: Data],
        body: @Sendable (EmbeddedBroker, TestClient) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            try FileManager.default.createDirectory(
                atPath: directory + "/orders-0",
                withIntermediateDirectories: true
            )
            for (path, content) in files {
                try content.write(to: URL(fileURLWithPath: directory + "/" + path))
            }
            try await withBroker {
                $0.dataDirectory = directory
                $0.brokers = 2
            } _: { (broker: EmbeddedBroker, client) async throws in
                try await body(broker, client)
            }
        }
    }

    @Test(
        "a folder named like a partition that no topic can have is passed over",
        arguments: [Int.max, Int.max - 1, 10_000]
    )
    func partitionNumber(number: Int) {
        #expect(DataDirectory.topicAndPartition(ofDirectory: "orders-\(number)") == nil)
    }

    @Test(
        "a leader epoch at the end of all numbers does not keep another leader from following",
        arguments: ["2147483647", "-2147483648"]
    )
    func leaderEpoch(epoch: String) async throws {
        try await withFiles(["orders-0/leader-epoch-checkpoint": Data("0\n1\n\(epoch) 0\n".utf8)]) { broker, client in
            for node in [2, 1, 2] { try await broker.moveLeader(topic: "orders", partition: 0, to: node) }
            let response = try await client.send(MetadataRequest(topics: nil), version: 9)
            #expect(response.topics.first?.partitions.first?.leaderID == 2)
        }
    }

    @Test("producer ids go on, whatever meta.properties says of them", arguments: [Int64.max, .max - 999, .min, -1])
    func reservedProducerIDs(reserved: Int64) async throws {
        try await withFiles(["meta.properties": Data("producer.ids.reserved=\(reserved)\n".utf8)]) { _, client in
            let first = try await client.send(InitProducerIDRequest(transactionalID: nil), version: 4)
            let second = try await client.send(InitProducerIDRequest(transactionalID: nil), version: 4)
            #expect(first.errorCode == .none)
            #expect(first.producerID >= 0)
            #expect(second.producerID == first.producerID + 1)
        }
    }

    @Test(
        "a producer id that a client made up does not use up all others",
        arguments: [Int64.max, Int64.max - 1001, Int64.max - 1002, Int64(1) << 62]
    )
    func inventedProducerID(id: Int64) throws {
        var ids = ProducerIDs(reserved: 0)
        ids.reserve(through: id)
        var taken: Set<Int64> = []
        for _ in 0..<2500 { taken.insert(try ids.take { (_: Int64) throws(StorageError) in }) }
        #expect(taken.count == 2500)
    }

    @Test(
        "a topic has one replica at least, whatever topics.properties says",
        arguments: ["-1", "0", "9223372036854775807"]
    )
    func replicationFactor(factor: String) async throws {
        let properties = Data("orders/replication.factor=\(factor)\n".utf8)
        try await withFiles(["topics.properties": properties]) { broker, client in
            let response = try await client.send(MetadataRequest(topics: nil), version: 9)
            let replicas = try #require(response.topics.first?.partitions.first?.replicaNodes)
            #expect(replicas == (factor.count > 2 ? [1, 2] : [1]))
            try await broker.moveLeader(topic: "orders", partition: 0, to: 2)
            try await broker.stop(node: 2)
        }
    }

    @Test(
        "an offset near the end of all numbers is a torn tail",
        arguments: [Int64.max, Int64.max - Int64(Int32.max), (Int64(1) << 62) + 1]
    )
    func baseOffset(offset: Int64) async throws {
        var segment = try TestBatch.stored(baseOffset: 0)
        var last = TestBatch.setting(Int32.max, at: 23, in: try TestBatch.make())
        last.setInteger(offset, at: 0)
        segment.writeImmutableBuffer(last)
        try await withFiles(["orders-0/00000000000000000000.log": Data(segment.readableBytesView)]) { broker, client in
            #expect(try await broker.logEndOffset(topic: "orders", partition: 0) == 3)
            try await client.append(try TestBatch.make(), topic: "orders")
            #expect(try await broker.logEndOffset(topic: "orders", partition: 0) == 6)
        }
    }

    @Test("a segment named after an offset that no log reaches is passed over")
    func segmentName() async throws {
        try await withFiles(["orders-0/0\(Int64.max).log": Data()]) { broker, client in
            try await client.append(try TestBatch.make(), topic: "orders")
            #expect(try await broker.logEndOffset(topic: "orders", partition: 0) == 3)
        }
    }
}
