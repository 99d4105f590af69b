// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Testing

@testable import KafkaClient

/// What follows from what a broker says of the cluster, a topic and rights.
@Suite("Findings about a cluster")
struct ClusterFindingTests {
    private static func bits(_ rights: AuthorizedOperations?) -> Int32 {
        rights.map { Int32(bitPattern: $0.rawValue) } ?? .min
    }

    private static func topic(
        leader: Int32 = 1,
        inSync: [Int32] = [1, 2, 3],
        rights: AuthorizedOperations? = [.write, .describe],
        error: ErrorCode = .none
    ) -> TopicFacts {
        let partition = MetadataResponse.Partition(
            partitionIndex: 0,
            leaderID: leader,
            replicaNodes: [1, 2, 3],
            isrNodes: inSync
        )
        let metadata = MetadataResponse.Topic(
            errorCode: error,
            name: "t",
            partitions: [partition],
            topicAuthorizedOperations: bits(rights)
        )
        return TopicFacts(name: "t", metadata: metadata)
    }

    private static func worst(_ findings: [Finding]) -> Finding.Mark {
        let marks = findings.map(\.mark)
        return marks.contains(.failed) ? .failed : marks.contains(.warning) ? .warning : .ok
    }

    @Test(
        "leaders and replicas decide",
        arguments: [
            (1, [1, 2, 3], true, .ok), (-1, [1, 2, 3], true, .failed), (9, [1, 2, 3], true, .failed),
            (1, [1, 2], true, .warning), (1, [1], true, .failed), (1, [1], false, .warning),
        ] as [(Int32, [Int32], Bool, Finding.Mark)]
    )
    func replicas(leader: Int32, inSync: [Int32], isAll: Bool, mark: Finding.Mark) {
        var topic = Self.topic(leader: leader, inSync: inSync)
        topic.settings = .known(["min.insync.replicas": "2"])
        var demands = ClientDemands()
        demands.waitsForAllReplicas = isAll
        let found = topic.findings(demands, brokers: [1, 2, 3])
        #expect(Self.worst(found) == mark, "\(found)")
        #expect(found.allSatisfy { ($0.advice == nil) == ($0.mark == .ok) }, "\(found)")
    }

    @Test(
        "settings of a topic are compared with those of the producer",
        arguments: [
            ("max.message.bytes", "1048588", .ok), ("max.message.bytes", "1000000", .warning),
            ("max.message.bytes", "1000", .warning), ("compression.type", "producer", .ok),
            ("compression.type", "lz4", .ok), ("compression.type", "zstd", .warning),
            ("compression.type", "uncompressed", .warning), ("message.timestamp.type", "LogAppendTime", .ok),
        ] as [(String, String, Finding.Mark)]
    )
    func settings(key: String, value: String, mark: Finding.Mark) {
        var topic = Self.topic()
        topic.settings = .known([key: value])
        var demands = ClientDemands()
        demands.compression = "lz4"
        let found = topic.findings(demands, brokers: [1, 2, 3]).filter { $0.text.hasPrefix("\(key)=\(value)") }
        #expect(found.map(\.mark) == [mark], "\(found)")
    }

    @Test("settings that may not be read are said to be unchecked")
    func unread() {
        var topic = Self.topic()
        topic.settings = .refused(.topicAuthorizationFailed)
        let last = topic.findings(ClientDemands(), brokers: [1, 2, 3]).last
        #expect(last?.mark == .warning && last?.text.contains("TOPIC_AUTHORIZATION_FAILED") == true)
        #expect(last?.advice?.contains("DescribeConfigs") == true)
    }

    @Test(
        "a topic that cannot be had says why",
        arguments: [
            (.unknownTopicOrPartition, true, .warning, "auto.create.topics.enable"),
            (.unknownTopicOrPartition, false, .failed, "makes none"),
            (.unknownTopicOrPartition, nil, .failed, "does not exist, or"),
            (.topicAuthorizationFailed, nil, .failed, "may not know"), (.invalidTopic, nil, .failed, "refuse the name"),
        ] as [(ErrorCode, Bool?, Finding.Mark, String)]
    )
    func missing(error: ErrorCode, isMade: Bool?, mark: Finding.Mark, words: String) {
        var topic = Self.topic(error: error)
        topic.isMadeOnFirstUse = isMade
        let found = topic.findings(ClientDemands(), brokers: [1])
        #expect(found.map(\.mark) == [mark])
        #expect(found.first?.text.contains(words) == true && found.first?.advice != nil, "\(found)")
    }

    @Test("the right to write is needed, the one for idempotence only where none to write is known")
    func rights() {
        let cases: [(AuthorizedOperations?, AuthorizedOperations?, Finding.Mark, Finding.Mark)] = [
            ([.write, .describe], [], .ok, .ok), ([.all], [.idempotentWrite], .ok, .ok),
            ([.describe], [.idempotentWrite], .failed, .ok), ([.describe], [.describe], .failed, .warning),
            (nil, nil, .warning, .ok),
        ]
        for (topicRights, clusterRights, topicMark, clusterMark) in cases {
            let facts = ClusterFacts(
                metadata: MetadataResponse(),
                rights: clusterRights,
                topic: Self.topic(rights: topicRights)
            )
            var demands = ClientDemands()
            demands.user = "alice"
            let topic = facts.topicRights(demands)
            #expect(topic.map(\.mark) == [topicMark], "\(topic)")
            if topicMark == .failed { #expect(topic.first?.advice?.contains("User:alice --operation Write") == true) }
            #expect(facts.clusterRights(demands).map(\.mark) == [clusterMark])
        }
    }

    @Test("bits that a broker does not tell are none at all, and the others have Kafka's names")
    func bits() {
        #expect(AuthorizedOperations(.min) == nil)
        #expect(AuthorizedOperations(0)?.text == "none")
        #expect(AuthorizedOperations((1 << 4) | (1 << 8) | (1 << 12))?.text == "Write, Describe, IdempotentWrite")
    }

    @Test("brokers that advertise this very machine to others are a warning")
    func loopback() {
        var metadata = MetadataResponse(clusterID: "c", controllerID: 1)
        metadata.brokers = [.init(nodeID: 1, host: "localhost", port: 9092, rack: "a")]
        let facts = ClusterFacts(metadata: metadata, rights: nil)
        for (host, mark) in [("kafka.example", Finding.Mark.warning), ("localhost", .ok)] {
            let found = facts.findings(bootstrap: [BrokerAddress(nodeID: nil, host: host, port: 9092)])
            #expect(found.map(\.mark) == [.ok, mark])
            #expect(found.last?.text.hasPrefix("broker 1 is advertised as localhost:9092, rack a") == true)
        }
    }

    @Test(
        "an advertised broker that cannot be reached names advertised.listeners",
        arguments: [Finding.Layer.dns, .tcp, .tls]
    )
    func advertised(layer: Finding.Layer) {
        var facts = BrokerFacts(BrokerAddress(nodeID: 7, host: "b", port: 9092))
        facts.obstacle = .init(layer, "x")
        #expect(ClusterFacts.advice(advertised: facts)?.contains("advertised.listeners of broker 7") == true)
    }
}
