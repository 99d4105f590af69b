// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaEmbeddedBroker

@Suite("Preferred leaders")
struct LeaderBalanceTests {
    /// Two brokers, each the preferred leader of ten partitions.
    private func makeCluster() throws -> (Cluster, Topic) {
        var configuration = EmbeddedBroker.Configuration()
        configuration.brokers = 2
        configuration.replicationFactor = 2
        configuration.topics = ["t": 20]
        let cluster = try Cluster(configuration: configuration, logger: .silent)
        cluster.nodes = NodeTable((1...2).map { Node(id: $0, host: "localhost", port: 9092) })
        return (cluster, try #require(cluster.topics["t"]))
    }

    private func led(by node: Int32, _ topic: Topic) -> Int {
        topic.partitions.filter { $0.leader == node }.count
    }

    @Test(
        "they lead again where a broker leads less than nine in ten of its partitions, and not before",
        arguments: [(0, 10), (1, 9), (2, 10), (10, 10)]
    )
    func balance(moved: Int, led expected: Int) throws {
        let (cluster, topic) = try makeCluster()
        #expect(led(by: 1, topic) == 10)
        for partition in topic.partitions.filter({ $0.leader == 1 }).prefix(moved) {
            #expect(cluster.moveLeader(of: partition, in: topic, to: 2, hints: true, staleMetadata: 0))
        }
        #expect(led(by: 1, topic) == 10 - moved)
        cluster.rebalanceLeaders()
        #expect(led(by: 1, topic) == expected)
        #expect(led(by: 2, topic) == 20 - expected)
        cluster.close()
    }

    @Test("a broker that leads all of its own does not move because another one does not")
    func other() throws {
        let (cluster, topic) = try makeCluster()
        let own = topic.partitions.filter { $0.leader == 1 }
        #expect(cluster.moveLeader(of: own[0], in: topic, to: 2, hints: true, staleMetadata: 0))
        for partition in topic.partitions.filter({ $0.replicas.first == 2 }).prefix(5) {
            #expect(cluster.moveLeader(of: partition, in: topic, to: 1, hints: true, staleMetadata: 0))
        }
        cluster.rebalanceLeaders()
        #expect(own[0].leader == 2)
        #expect(led(by: 2, topic) == 11)
        cluster.close()
    }

    @Test("one that is down, or not in sync, does not lead again")
    func notInSync() throws {
        let (cluster, topic) = try makeCluster()
        cluster.wentDown(1, .killed)
        cluster.rebalanceLeaders()
        #expect(led(by: 2, topic) == 20)
        cluster.cameUp(1)
        cluster.rebalanceLeaders()
        #expect(led(by: 1, topic) == 10)
        cluster.close()
    }
}
