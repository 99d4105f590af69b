// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Testing

@testable import KafkaEmbeddedBroker

/// What a broker tells of the cluster, its settings and the client's rights.
@Suite("Descriptions")
struct DescriptionTests {
    private static let topic = DescribeConfigsRequest.topicResource

    @Test("DescribeCluster names the brokers, the cluster and what may be done", arguments: Int16(0)...2)
    func cluster(version: Int16) async throws {
        try await withBroker {
            $0.brokers = 2
        } _: { _, client in
            let request = DescribeClusterRequest(includeClusterAuthorizedOperations: true)
            let response = try await client.send(request, version: version)
            let metadata = try await client.send(MetadataRequest(topics: []), version: 9)
            #expect(response.brokers.map(\.port) == metadata.brokers.map(\.port))
            #expect(response.clusterID == metadata.clusterID)
            #expect(response.controllerID == metadata.controllerID)
            #expect(response.clusterAuthorizedOperations == 0b1_1111_1010_0000)
            let unasked = try await client.send(DescribeClusterRequest(), version: version)
            #expect(unasked.clusterAuthorizedOperations == .min)
        }
    }

    @Test(
        "controllers are not described",
        arguments: [(Int8(2), ErrorCode.mismatchedEndpointType), (9, .unsupportedEndpointType)]
    )
    func controllers(type: Int8, error: ErrorCode) async throws {
        try await withBroker { _, client in
            let response = try await client.send(DescribeClusterRequest(endpointType: type), version: 1)
            #expect(response.errorCode == error)
        }
    }

    @Test("DescribeConfigs tells a topic's settings, and which of them are its own", arguments: Int16(1)...4)
    func topic(version: Int16) async throws {
        try await withBroker {
            $0.topics = ["orders": 1]
            $0.topicSettings = ["orders": TopicSettings(maxMessageBytes: 1000)]
        } _: { _, client in
            let resource = DescribeConfigsRequest.Resource(
                resourceType: Self.topic,
                resourceName: "orders",
                configurationKeys: nil
            )
            let response = try await client.send(DescribeConfigsRequest(resources: [resource]), version: version)
            let result = try #require(response.results.first)
            #expect(result.errorCode == .none)
            let values = Dictionary(uniqueKeysWithValues: result.configs.map { ($0.name, $0.value) })
            #expect(values["max.message.bytes"] == "1000")
            #expect(values["min.insync.replicas"] == "1")
            #expect(values["compression.type"] == "producer")
            #expect(values["message.timestamp.type"] == "CreateTime")
            #expect(result.configs.filter { $0.configSource == 1 }.map(\.name) == ["max.message.bytes"])
            var one = resource
            one.configurationKeys = ["min.insync.replicas", "nothing"]
            let chosen = try await client.send(DescribeConfigsRequest(resources: [one]), version: version)
            #expect(chosen.results.first?.configs.map(\.name) == ["min.insync.replicas"])
        }
    }

    @Test(
        "what is not there is refused",
        arguments: [
            (Int8(2), "nothing", ErrorCode.unknownTopicOrPartition), (2, "no/name", .invalidTopic),
            (4, "2", .invalidRequest), (4, "1", .none), (8, "x", .invalidRequest),
        ]
    )
    func refused(type: Int8, name: String, error: ErrorCode) async throws {
        try await withBroker { _, client in
            let resource = DescribeConfigsRequest.Resource(
                resourceType: type,
                resourceName: name,
                configurationKeys: nil
            )
            let response = try await client.send(DescribeConfigsRequest(resources: [resource]), version: 4)
            #expect(response.results.map(\.errorCode) == [error])
        }
    }

    @Test("Metadata tells the operations that are allowed, when it is asked")
    func operations() async throws {
        try await withBroker {
            $0.topics = ["orders": 1, "secret": 1]
            $0.security.permissions = [Permission("User:ANONYMOUS", .write, .topic, "orders")]
        } _: { _, client in
            let request = MetadataRequest(
                topics: nil,
                includeClusterAuthorizedOperations: true,
                includeTopicAuthorizedOperations: true
            )
            let response = try await client.send(request, version: 9)
            #expect(response.topics.map(\.name) == ["orders"])
            #expect(response.topics.first?.topicAuthorizedOperations == 1 << 4 | 1 << 8)
            #expect(response.clusterAuthorizedOperations == 0)
        }
    }

    @Test("without the right each request is refused with Kafka's error")
    func refusals() async throws {
        try await withBroker {
            $0.topics = ["orders": 1]
            $0.security.permissions = [Permission("User:somebody", .all, .topic)]
        } _: { _, client in
            let named = MetadataRequest(topics: [.init(name: "orders"), .init(name: "new")])
            let metadata = try await client.send(named, version: 9)
            #expect(metadata.topics.map(\.errorCode) == [.topicAuthorizationFailed, .topicAuthorizationFailed])
            let produced = try await client.send(ProduceRequest(try TestBatch.make(), topic: "orders"), version: 9)
            #expect(produced.responses[0].partitionResponses[0].errorCode == .topicAuthorizationFailed)
            let unknown = try await client.send(ProduceRequest(try TestBatch.make(), topic: "new"), version: 9)
            #expect(unknown.responses[0].partitionResponses[0].errorCode == .topicAuthorizationFailed)
            let fetched = try await client.send(FetchRequest(topic: "orders"), version: 11)
            #expect(fetched.responses[0].partitions[0].errorCode == .topicAuthorizationFailed)
            let id = try await client.send(InitProducerIDRequest(transactionalID: nil), version: 2)
            #expect(id.errorCode == .clusterAuthorizationFailed)
            let made = CreateTopicsRequest.Topic(name: "new", numPartitions: 1, replicationFactor: 1)
            let created = try await client.send(CreateTopicsRequest(topics: [made]), version: 5)
            #expect(created.topics.map(\.errorCode) == [.topicAuthorizationFailed])
            let group = try await client.send(FindCoordinatorRequest(key: "g"), version: 2)
            #expect(group.errorCode == .groupAuthorizationFailed)
        }
    }
}
