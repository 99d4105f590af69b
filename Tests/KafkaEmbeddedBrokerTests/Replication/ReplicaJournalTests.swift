// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import KafkaEmbeddedBroker

@Suite("What is written down of who leads and is in sync")
struct ReplicaJournalTests {
    private func configuration(_ directory: String) -> EmbeddedBroker.Configuration {
        var configuration = EmbeddedBroker.Configuration()
        configuration.brokers = 2
        configuration.replicationFactor = 2
        configuration.topics = ["t": 300]
        configuration.dataDirectory = directory
        return configuration
    }

    private func open(_ directory: String, _ recorder: DiskRecorder = DiskRecorder()) throws -> Cluster {
        let cluster = try Cluster(configuration: configuration(directory), logger: .silent, disk: recorder.disk)
        cluster.nodes = NodeTable((1...2).map { Node(id: $0, host: "localhost", port: 9092) })
        return cluster
    }

    private func stored(_ directory: String) throws -> [TransactionPartition: StoredReplicas] {
        try DataDirectory(path: directory).replicas()
    }

    @Test("a change costs what changed, and not a line for each partition")
    func cost() async throws {
        try await withTemporaryDirectory { directory in
            let recorder = DiskRecorder()
            let cluster = try open(directory, recorder)
            let topic = try #require(cluster.topics["t"])
            _ = recorder.takeWritten()
            #expect(cluster.moveLeader(of: topic.partitions[0], in: topic, to: 2, hints: true, staleMetadata: 0))
            let written = recorder.takeWritten().filter { $0.key.hasSuffix("replicas.state") }.values.reduce(0, +)
            #expect((1...100).contains(written))
            cluster.wentDown(1, .killed)
            let all = recorder.takeWritten().filter { $0.key.hasSuffix("replicas.state") }.values.reduce(0, +)
            #expect((300...300 * 200).contains(all))
            cluster.close()
            let found = try stored(directory)
            #expect(found.count == 300)
            #expect(found.values.allSatisfy { $0.leader == 2 && $0.inSync == [2] })
        }
    }

    @Test("a topic that is deleted is forgotten, and one with more partitions has them")
    func topics() async throws {
        try await withTemporaryDirectory { directory in
            var cluster = try open(directory)
            try cluster.addPartitions([[2, 1]], to: #require(cluster.topics["t"]))
            try cluster.createTopic("u", assignments: [[1, 2]])
            cluster.close()
            #expect(try stored(directory).count == 302)
            cluster = try open(directory)
            try cluster.deleteTopic(#require(cluster.topics["u"]))
            cluster.close()
            #expect(try stored(directory).count == 301)
        }
    }

    @Test("what a former broker wrote, all of it at each change, is taken over")
    func former() async throws {
        try await withTemporaryDirectory { directory in
            try open(directory).close()
            let former = directory + "/replicas.properties"
            Directory.removeFile(directory + "/replicas.state")
            try Directory.write("t-7=2,1 in-sync 1 leader 1 epoch 5\nt-8=damaged\n", to: former)
            let cluster = try open(directory)
            #expect(cluster.topics["t"]?.partitions[7].replicas == [2, 1])
            #expect(cluster.topics["t"]?.partitions[7].leader == 1)
            #expect(cluster.topics["t"]?.partitions[7].leaderEpoch == 6)
            #expect(cluster.topics["t"]?.partitions[8].replicas == [1, 2])
            cluster.close()
            #expect(!FileManager.default.fileExists(atPath: former))
            #expect(try stored(directory).count == 300)
        }
    }
}
