// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Testing

@testable import KafkaClient

/// What is kept of the cluster's answers.
@Suite("ClusterMetadata")
struct ClusterMetadataTests {
    private let bootstrap = [
        BrokerAddress(nodeID: nil, host: "a", port: 1), BrokerAddress(nodeID: nil, host: "b", port: 2),
    ]
    private let id = TopicID(mostSignificant: 1, leastSignificant: 2)

    private func response(
        brokers: [Int32] = [1, 2],
        id: TopicID? = nil,
        leaders: [(leader: Int32, epoch: Int32)]
    ) -> MetadataResponse {
        MetadataResponse(
            brokers: brokers.map { MetadataResponse.Broker(nodeID: $0, host: "broker\($0)", port: 9092) },
            topics: [
                MetadataResponse.Topic(
                    name: "t",
                    topicID: id ?? self.id,
                    partitions: leaders.enumerated().map { index, leader in
                        MetadataResponse.Partition(
                            partitionIndex: Int32(index),
                            leaderID: leader.leader,
                            leaderEpoch: leader.epoch
                        )
                    }
                )
            ]
        )
    }

    private func cluster(_ leaders: [(leader: Int32, epoch: Int32)]) -> ClusterMetadata {
        var cluster = ClusterMetadata(bootstrap: bootstrap)
        cluster.merge(response(leaders: leaders))
        return cluster
    }

    @Test("the brokers of the beginning have made-up ids")
    func begins() {
        let cluster = ClusterMetadata(bootstrap: bootstrap)
        #expect(cluster.isBootstrap)
        #expect(cluster.brokers == [-1: bootstrap[0], -2: bootstrap[1]])
    }

    @Test("a broker at a port that cannot be is no broker, and nobody's leader", arguments: [-1, 0, 65_536, 75_028])
    func impossiblePorts(port: Int32) {
        var response = response(leaders: [(1, 0), (2, 0)])
        response.brokers[1].port = port
        var cluster = ClusterMetadata(bootstrap: bootstrap)
        cluster.merge(response)
        #expect(cluster.brokers.keys.sorted() == [1])
        #expect(cluster.partition(1, of: "t") == .init(leader: nil, leaderEpoch: 0))
        let endpoint = BrokerAddress(nodeID: 2, host: "b", port: Int(port))
        let isNews = cluster.update(leader: 2, epoch: 1, endpoint: endpoint, topic: "t", partition: 1)
        #expect(!isNews)
    }

    @Test("an answer replaces them, and tells leaders and topic ids")
    func merges() {
        let cluster = cluster([(1, 0), (2, 5), (-1, 6)])
        #expect(!cluster.isBootstrap)
        #expect(cluster.brokers[1]?.description == "broker1:9092 (id 1)")
        #expect(cluster.brokers.keys.sorted() == [1, 2])
        #expect(cluster.partition(0, of: "t") == .init(leader: 1, leaderEpoch: 0))
        #expect(cluster.partition(2, of: "t") == .init(leader: nil, leaderEpoch: 6))
        #expect(cluster.partition(3, of: "t") == nil)
        #expect(cluster.partition(-1, of: "t") == nil)
        #expect(cluster.partition(0, of: "other") == nil)
        #expect(cluster.topics["t"]?.available == [0, 1])
        #expect(cluster.topicNames[id] == "t")
    }

    @Test("partitions may come in any order, and one may be missing")
    func anyOrder() {
        var answer = response(leaders: [(1, 0), (2, 0), (1, 0)])
        answer.topics[0].partitions.reverse()
        answer.topics[0].partitions.remove(at: 1)
        var cluster = ClusterMetadata(bootstrap: bootstrap)
        cluster.merge(answer)
        #expect(cluster.topics["t"]?.partitions.map(\.leader) == [1, nil, 1])
    }

    @Test("a leader epoch never goes back: an older answer does not undo a newer one")
    func epochs() {
        var cluster = cluster([(1, 5), (1, 5)])
        cluster.merge(response(leaders: [(2, 4), (2, 6)]))
        #expect(cluster.partition(0, of: "t") == .init(leader: 1, leaderEpoch: 5))
        #expect(cluster.partition(1, of: "t") == .init(leader: 2, leaderEpoch: 6))
    }

    @Test("of a topic that was made anew under its name, older epochs are taken")
    func anotherTopic() {
        var cluster = cluster([(1, 5)])
        cluster.merge(response(id: TopicID(mostSignificant: 3, leastSignificant: 4), leaders: [(2, 0)]))
        #expect(cluster.partition(0, of: "t") == .init(leader: 2, leaderEpoch: 0))
    }

    @Test("a topic with another id is another one, of as many partitions as it has", arguments: [1, 3, 4])
    func isReplaced(count: Int) {
        var cluster = cluster([(1, 5), (1, 5), (1, 5)])
        let another = TopicID(mostSignificant: 3, leastSignificant: 4)
        cluster.merge(response(id: another, leaders: Array(repeating: (2, 0), count: count)))
        #expect(cluster.topics["t"]?.incarnation == 1)
        #expect(cluster.topics["t"]?.partitions == Array(repeating: .init(leader: 2, leaderEpoch: 0), count: count))
    }

    @Test("a broker that has not learned yet that a topic was made again is not believed, unless it is another cluster")
    func formerTopic() {
        var cluster = cluster([(1, 5), (1, 5)])
        let another = TopicID(mostSignificant: 3, leastSignificant: 4)
        cluster.merge(response(id: another, leaders: [(2, 0)]))
        cluster.merge(response(leaders: [(1, 5), (1, 5)]))
        #expect(cluster.topics["t"]?.id == another)
        #expect(cluster.topics["t"]?.partitions.count == 1)
        cluster.rebootstrap(bootstrap)
        cluster.merge(response(leaders: [(1, 5), (1, 5)]))
        #expect(cluster.topics["t"]?.id == id)
        #expect(cluster.topics["t"]?.incarnation == 2)
    }

    @Test("a topic never loses partitions: without ids fewer of them mean another topic, with the same id nothing")
    func fewerPartitions() {
        var cluster = cluster([(1, 5), (2, 5)])
        cluster.merge(response(leaders: [(1, 6)]))
        #expect(cluster.topics["t"]?.partitions.map(\.leader) == [1, 2])
        #expect(cluster.topics["t"]?.incarnation == 0)
        cluster = ClusterMetadata(bootstrap: bootstrap)
        cluster.merge(response(id: .zero, leaders: [(1, 5), (2, 5)]))
        cluster.merge(response(id: .zero, leaders: [(2, 0)]))
        #expect(cluster.topics["t"]?.partitions == [.init(leader: 2, leaderEpoch: 0)])
        #expect(cluster.topics["t"]?.incarnation == 1)
        cluster.merge(response(id: .zero, leaders: [(2, 0), (1, 0)]))
        #expect(cluster.topics["t"]?.incarnation == 1)
    }

    @Test("a topic that is known does not lose all its partitions to an answer that has none")
    func noPartitions() {
        var cluster = cluster([(1, 5)])
        cluster.merge(response(id: .zero, leaders: []))
        #expect(cluster.topics["t"]?.partitions.count == 1)
    }

    @Test("a broker that tells no epochs is believed")
    func noEpochs() {
        var cluster = cluster([(1, 5)])
        cluster.merge(response(leaders: [(2, -1)]))
        #expect(cluster.partition(0, of: "t") == .init(leader: 2, leaderEpoch: -1))
    }

    @Test("a topic with an error, and one that was not asked for, stay as they were")
    func errors() {
        var cluster = cluster([(1, 5)])
        var answer = response(leaders: [])
        answer.topics[0].errorCode = .leaderNotAvailable
        cluster.merge(answer)
        #expect(cluster.partition(0, of: "t") == .init(leader: 1, leaderEpoch: 5))
        answer.topics = []
        cluster.merge(answer)
        #expect(cluster.partition(0, of: "t") == .init(leader: 1, leaderEpoch: 5))
    }

    @Test("absurd partition numbers are not believed", arguments: [Int32.max, 2_000_000, -7])
    func absurd(index: Int32) {
        var answer = response(leaders: [(1, 0)])
        answer.topics[0].partitions.append(MetadataResponse.Partition(partitionIndex: index, leaderID: 1))
        var cluster = ClusterMetadata(bootstrap: bootstrap)
        cluster.merge(answer)
        #expect((cluster.topics["t"]?.partitions.count ?? 0) <= 1)
    }

    @Test("a leader that is not among the brokers is none")
    func unknownLeader() {
        #expect(cluster([(9, 5)]).partition(0, of: "t") == .init(leader: nil, leaderEpoch: 5))
    }

    @Test("a leader named by a produce response is news if its epoch is newer (KIP-951)")
    func hint() {
        var cluster = cluster([(1, 5)])
        let version = cluster.version
        let endpoint = BrokerAddress(nodeID: 3, host: "broker3", port: 9092)
        #expect(cluster.update(leader: 2, epoch: 5, endpoint: nil, topic: "t", partition: 0) == false)
        #expect(cluster.update(leader: 2, epoch: 4, endpoint: nil, topic: "t", partition: 0) == false)
        #expect(cluster.update(leader: -1, epoch: -1, endpoint: nil, topic: "t", partition: 0) == false)
        #expect(cluster.update(leader: 2, epoch: 6, endpoint: nil, topic: "t", partition: 1) == false)
        #expect(cluster.update(leader: 2, epoch: 6, endpoint: nil, topic: "other", partition: 0) == false)
        #expect(cluster.version == version)
        #expect(cluster.update(leader: 3, epoch: 6, endpoint: endpoint, topic: "t", partition: 0) == true)
        #expect(cluster.partition(0, of: "t") == .init(leader: 3, leaderEpoch: 6))
        #expect(cluster.brokers[3] == endpoint)
        #expect(cluster.version > version)
    }

    @Test("a leader whose address nobody knows is no help")
    func hintWithoutAddress() {
        var cluster = cluster([(1, 5)])
        #expect(cluster.update(leader: 3, epoch: 6, endpoint: nil, topic: "t", partition: 0) == false)
        #expect(cluster.update(leader: 2, epoch: 6, endpoint: nil, topic: "t", partition: 0) == true)
    }

    @Test("after going back to the beginning, partition counts stay but leaders are unknown")
    func rebootstrap() {
        var cluster = cluster([(1, 5)])
        let version = cluster.version
        cluster.rebootstrap(bootstrap)
        #expect(cluster.isBootstrap && cluster.version > version)
        #expect(cluster.brokers.keys.sorted() == [-2, -1])
        #expect(cluster.topics["t"]?.partitions.count == 1)
        #expect(cluster.partition(0, of: "t") == .init(leader: nil, leaderEpoch: -1))
        // The cluster that is found there may be another one.
        cluster.merge(response(leaders: [(2, 0)]))
        #expect(cluster.partition(0, of: "t") == .init(leader: 2, leaderEpoch: 0))
    }

    @Test("an answer without topic ids is about the same topic, and does not undo a newer one either")
    func withoutIDs() {
        var cluster = cluster([(1, 5)])
        cluster.merge(response(id: .zero, leaders: [(2, 4)]))
        #expect(cluster.partition(0, of: "t") == .init(leader: 1, leaderEpoch: 5))
        cluster.merge(response(leaders: [(2, 4)]))
        #expect(cluster.partition(0, of: "t") == .init(leader: 1, leaderEpoch: 5))
    }

    @Test("an answer that tells something new is told from one that does not")
    func news() {
        var cluster = ClusterMetadata(bootstrap: bootstrap)
        let answers = [
            response(leaders: [(1, 5)]), response(leaders: [(1, 5)]), response(leaders: [(2, 4)]),
            response(leaders: [(2, 6)]), response(brokers: [1, 2, 3], leaders: [(2, 6)]),
        ]
        let news = answers.map { cluster.merge($0) }
        #expect(news == [true, false, false, true, true])
    }
}
