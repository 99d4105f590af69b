// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import KafkaProtocol
import Testing

@Suite("CreateTopics")
struct CreateTopicsTests {
    typealias Wanted = CreateTopicsRequest.Topic

    @Test("every version makes a topic", arguments: CreateTopicsRequest.validVersions)
    func everyVersion(version: Int16) async throws {
        try await withBroker { broker, client in
            let request = CreateTopicsRequest(topics: [Wanted(name: "new", numPartitions: 3, replicationFactor: 1)])
            let topic = try #require(try await client.send(request, version: version).topics.first)
            #expect(topic.errorCode == .none)
            #expect(topic.errorMessage == nil)
            #expect(topic.numPartitions == (version >= 5 ? 3 : -1))
            #expect(await broker.topics == ["new": 3])
            let id = try await client.topicID(of: "new")
            #expect(topic.topicID == (version >= 7 ? id : .zero))
        }
    }

    @Test("-1 stands for the defaults")
    func defaults() async throws {
        try await withBroker {
            $0.partitions = 5
        } _: { broker, client in
            let wanted = Wanted(name: "new", numPartitions: -1, replicationFactor: -1)
            let topic = try await client.send(CreateTopicsRequest(topics: [wanted]), version: 7).topics.first
            #expect(topic?.numPartitions == 5)
            #expect(topic?.replicationFactor == 1)
            #expect(await broker.topics == ["new": 5])
        }
    }

    @Test("to validate only makes nothing")
    func validateOnly() async throws {
        try await withBroker { broker, client in
            let request = CreateTopicsRequest(
                topics: [Wanted(name: "new", numPartitions: 3, replicationFactor: 1)],
                validateOnly: true
            )
            let topic = try await client.send(request, version: 7).topics.first
            #expect(topic?.errorCode == ErrorCode.none)
            #expect(topic?.topicID == .zero)
            #expect(await broker.topics.isEmpty)
        }
    }

    @Test("brokers and leaders can be assigned by hand")
    func assignments() async throws {
        try await withBroker {
            $0.brokers = 3
        } _: { _, client in
            let wanted = Wanted(
                name: "new",
                numPartitions: -1,
                replicationFactor: -1,
                assignments: [
                    .init(partitionIndex: 1, brokerIDs: [2, 1]), .init(partitionIndex: 0, brokerIDs: [3, 2]),
                ]
            )
            _ = try await client.send(CreateTopicsRequest(topics: [wanted]), version: 7)
            let metadata = try await client.send(MetadataRequest(topics: nil), version: 9)
            #expect(metadata.topics.first?.partitions.map(\.leaderID) == [3, 2])
            #expect(metadata.topics.first?.partitions.map(\.replicaNodes) == [[3, 2], [2, 1]])
        }
    }

    @Test("a topic's max.message.bytes goes before the broker's")
    func maxMessageBytes() async throws {
        try await withBroker { _, client in
            let wanted = Wanted(
                name: "small",
                numPartitions: 1,
                replicationFactor: 1,
                configs: [.init(name: "max.message.bytes", value: "80"), .init(name: "retention.ms", value: "1")]
            )
            _ = try await client.send(CreateTopicsRequest(topics: [wanted]), version: 7)
            let large = ProduceRequest(try TestBatch.make(), topic: "small")
            #expect(try await client.send(large, version: 9).single.errorCode == .messageTooLarge)
            let small = ProduceRequest(try TestBatch.make(["x"]), topic: "small")
            #expect(try await client.send(small, version: 9).single.errorCode == .none)
        }
    }

    @Test("what cannot be made is refused", arguments: RefusedTopic.all)
    func refusals(refused: RefusedTopic) async throws {
        try await withBroker {
            $0.brokers = 2
            $0.topics = ["there": 1]
        } _: { broker, client in
            let response = try await client.send(CreateTopicsRequest(topics: refused.topics), version: 7)
            for topic in response.topics {
                #expect(topic.errorCode == refused.error)
                #expect(topic.errorMessage?.isEmpty == false)
            }
            #expect(response.topics.count == refused.topics.count)
            #expect(await broker.topics == ["there": 1])
        }
    }

    struct RefusedTopic: Sendable {
        let error: ErrorCode
        let topics: [Wanted]

        static let all: [RefusedTopic] = [
            RefusedTopic(.topicAlreadyExists, Wanted(name: "there", numPartitions: 1, replicationFactor: 1)),
            RefusedTopic(.invalidTopic, Wanted(name: "a/b", numPartitions: 1, replicationFactor: 1)),
            RefusedTopic(.invalidPartitions, Wanted(name: "new", numPartitions: 0, replicationFactor: 1)),
            RefusedTopic(.invalidPartitions, Wanted(name: "new", numPartitions: -2, replicationFactor: 1)),
            RefusedTopic(.invalidPartitions, Wanted(name: "new", numPartitions: .max, replicationFactor: 1)),
            RefusedTopic(.invalidReplicationFactor, Wanted(name: "new", numPartitions: 1, replicationFactor: 0)),
            RefusedTopic(.invalidReplicationFactor, Wanted(name: "new", numPartitions: 1, replicationFactor: 3)),
            RefusedTopic(
                .invalidRequest,
                Wanted(name: "new", numPartitions: 1, replicationFactor: 1),
                Wanted(name: "new", numPartitions: 1, replicationFactor: 1)
            ),
            RefusedTopic(
                .invalidRequest,
                Wanted(name: "new", numPartitions: 1, replicationFactor: -1, assignments: [.init(brokerIDs: [1])])
            ),
            RefusedTopic(.invalidReplicaAssignment, assigned(.init(partitionIndex: 1, brokerIDs: [1]))),
            RefusedTopic(.invalidReplicaAssignment, assigned(.init(brokerIDs: []))),
            RefusedTopic(.invalidReplicaAssignment, assigned(.init(brokerIDs: [1, 1]))),
            RefusedTopic(.invalidReplicaAssignment, assigned(.init(brokerIDs: [3]))),
            RefusedTopic(
                .invalidReplicaAssignment,
                assigned(.init(brokerIDs: [1]), .init(partitionIndex: 1, brokerIDs: [1, 2]))
            ),
            RefusedTopic(.invalidConfig, configured("no.such.setting", "1")),
            RefusedTopic(.invalidConfig, configured("max.message.bytes", "many")),
            RefusedTopic(.invalidConfig, configured("max.message.bytes", "-1")),
        ]

        private init(_ error: ErrorCode, _ topics: Wanted...) {
            self.error = error
            self.topics = topics
        }

        private static func assigned(_ assignments: CreateTopicsRequest.Assignment...) -> Wanted {
            Wanted(name: "new", numPartitions: -1, replicationFactor: -1, assignments: assignments)
        }

        private static func configured(_ name: String, _ value: String) -> Wanted {
            Wanted(
                name: "new",
                numPartitions: 1,
                replicationFactor: 1,
                configs: [CreateTopicsRequest.Config(name: name, value: value)]
            )
        }
    }

    /// Assigned by hand, their number was not looked at, and one request could have millions made.
    @Test("more partitions than a topic can have are refused, counted or assigned by hand")
    func tooManyPartitions() async throws {
        try await withBroker { broker, client in
            let assigned = (Int32(0)...10_000).map {
                CreateTopicsRequest.Assignment(partitionIndex: $0, brokerIDs: [1])
            }
            let request = CreateTopicsRequest(topics: [
                Wanted(name: "counted", numPartitions: 10_001, replicationFactor: 1),
                Wanted(name: "assigned", numPartitions: -1, replicationFactor: -1, assignments: assigned),
            ])
            let errors = try await client.send(request, version: 7).topics.map(\.errorCode)
            #expect(errors == [.invalidPartitions, .invalidReplicaAssignment])
            #expect(await broker.topics.isEmpty)
        }
    }
}
