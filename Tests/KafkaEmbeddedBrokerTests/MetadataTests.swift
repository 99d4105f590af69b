// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import KafkaProtocol
import Testing

@Suite("Metadata")
struct MetadataTests {
    @Test("every version describes brokers, topics and leaders", arguments: MetadataRequest.validVersions)
    func everyVersion(version: Int16) async throws {
        try await withBroker {
            $0.brokers = 3
            $0.topics = ["orders": 4]
        } _: { broker, client in
            let response = try await client.send(
                MetadataRequest(topics: [MetadataRequest.Topic(name: "orders")]),
                version: version
            )
            #expect(response.brokers.map(\.nodeID) == [1, 2, 3])
            #expect(response.brokers.map { Int($0.port) } == broker.ports)
            let topic = try #require(response.topics.first)
            #expect(topic.name == "orders")
            #expect(topic.errorCode == .none)
            #expect(topic.partitions.map(\.partitionIndex) == [0, 1, 2, 3])
            #expect(topic.partitions.map(\.leaderID) == [1, 2, 3, 1])
            #expect(topic.partitions.allSatisfy { $0.isrNodes == [$0.leaderID] })
            #expect((topic.topicID != .zero) == (version >= 10))
            #expect((response.clusterID != nil) == (version >= 2))
        }
    }

    @Test("a topic is made on first use with the default number of partitions")
    func autoCreation() async throws {
        try await withBroker {
            $0.partitions = 6
        } _: { broker, client in
            let response = try await client.send(
                MetadataRequest(topics: [MetadataRequest.Topic(name: "new")]),
                version: 12
            )
            #expect(response.topics.first?.partitions.count == 6)
            #expect(await broker.topics == ["new": 6])
        }
    }

    @Test("no topic is made when client or broker do not allow it", arguments: [true, false])
    func noAutoCreation(brokerAllows: Bool) async throws {
        try await withBroker {
            $0.autoCreateTopics = brokerAllows
        } _: { broker, client in
            let request = MetadataRequest(
                topics: [MetadataRequest.Topic(name: "new")],
                allowAutoTopicCreation: !brokerAllows
            )
            let response = try await client.send(request, version: 12)
            #expect(response.topics.first?.errorCode == .unknownTopicOrPartition)
            #expect(await broker.topics.isEmpty)
        }
    }

    @Test(
        "a name that no topic can have is invalid",
        arguments: ["", ".", "..", "a b", "a/b", "ä", String(repeating: "x", count: 250)]
    )
    func invalidNames(name: String) async throws {
        try await withBroker { broker, client in
            let request = MetadataRequest(topics: [MetadataRequest.Topic(name: name)])
            let response = try await client.send(request, version: 9)
            #expect(response.topics.first?.errorCode == .invalidTopic)
            #expect(await broker.topics.isEmpty)
        }
    }

    @Test("null asks for all topics, and nothing for none, but for all in version 0")
    func allOrNone() async throws {
        try await withBroker {
            $0.topics = ["b": 1, "a": 2]
        } _: { _, client in
            let all = try await client.send(MetadataRequest(topics: nil), version: 5)
            #expect(all.topics.map(\.name) == ["a", "b"])
            #expect(try await client.send(MetadataRequest(topics: []), version: 5).topics.isEmpty)
            #expect(try await client.send(MetadataRequest(topics: []), version: 0).topics.count == 2)
        }
    }

    @Test("topics are found by their ids")
    func byID() async throws {
        try await withBroker {
            $0.topics = ["orders": 1]
        } _: { _, client in
            let named = try await client.send(MetadataRequest(topics: nil), version: 12)
            let id = try #require(named.topics.first?.topicID)
            let unknown = TopicID(mostSignificant: 1, leastSignificant: 2)
            let request = MetadataRequest(topics: [
                MetadataRequest.Topic(topicID: id, name: nil), MetadataRequest.Topic(topicID: unknown, name: nil),
            ])
            let found = try await client.send(request, version: 12).topics
            #expect(found.map(\.name) == ["orders", nil])
            #expect(found.map(\.errorCode) == [.none, .unknownTopicID])
        }
    }

    /// Each mention of a topic of many partitions was answered with all of them.
    @Test("a topic that is named many times is described once, as by a Kafka broker")
    func namedManyTimes() async throws {
        try await withBroker {
            $0.topics = ["a": 3, "b": 1]
        } _: { _, client in
            let topics = ["a", "b", "a", "a", "none", "none"].map { MetadataRequest.Topic(name: $0) }
            let request = MetadataRequest(topics: topics, allowAutoTopicCreation: false)
            let response = try await client.send(request, version: 9)
            #expect(response.topics.map(\.name) == ["a", "b", "none"])
        }
    }
}
