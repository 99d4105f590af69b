// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaEmbeddedBroker

@Suite("Administration")
struct AdministrationTests {
    private static let topicResource = DescribeConfigsRequest.topicResource

    private func withTopic(
        _ configure: (inout EmbeddedBroker.Configuration) -> Void = { _ in },
        _ body: (EmbeddedBroker, TestClient) async throws -> Void
    ) async throws {
        try await withBroker {
            $0.topics = ["t": 2]
            configure(&$0)
        } _: { broker, client in
            try await body(broker, client)
        }
    }

    private func write(_ count: Int, _ client: TestClient) async throws {
        for _ in 0..<count {
            let response = try await client.send(ProduceRequest(TestBatch.make(["x"]), topic: "t"), version: 9)
            #expect(response.single.errorCode == .none)
        }
    }

    @Test("a topic is deleted by its name, and by its id", arguments: DeleteTopicsRequest.validVersions)
    func deleteTopics(version: Int16) async throws {
        try await withTopic { broker, client in
            let id = try await client.topicID(of: "t")
            var request = DeleteTopicsRequest()
            if version < 6 {
                request.topicNames = ["t", "none"]
            } else {
                request.topics = [.init(topicID: id), .init(name: "none")]
            }
            let response = try await client.send(request, version: version)
            #expect(response.responses.map(\.errorCode) == [.none, .unknownTopicOrPartition])
            #expect(response.responses.first?.name == "t")
            #expect(await broker.topics == [:])
            guard version == 6 else { return }
            let unknown = try await client.send(DeleteTopicsRequest(topics: [.init(topicID: id)]), version: 6)
            #expect(unknown.responses.map(\.errorCode) == [.unknownTopicID])
        }
    }

    @Test(
        "a topic gets more partitions, and still has them after a restart",
        arguments: CreatePartitionsRequest.validVersions
    )
    func createPartitions(version: Int16) async throws {
        try await withTemporaryDirectory { path in
            try await withTopic {
                $0.dataDirectory = path
                $0.brokers = 2
            } _: { broker, client in
                func grow(to count: Int32, _ assignments: [[Int32]]? = nil, only: Bool = false) async throws
                    -> ErrorCode?
                {
                    let topic = CreatePartitionsRequest.Topic(
                        name: "t",
                        count: count,
                        assignments: assignments.map { $0.map { .init(brokerIDs: $0) } }
                    )
                    let request = CreatePartitionsRequest(topics: [topic], validateOnly: only)
                    return try await client.send(request, version: version).results.first?.errorCode
                }
                #expect(try await grow(to: 2) == .invalidPartitions)
                #expect(try await grow(to: 1) == .invalidPartitions)
                #expect(try await grow(to: 10_001) == .invalidPartitions)
                #expect(try await grow(to: 3, [[1], [2]]) == .invalidReplicaAssignment)
                #expect(try await grow(to: 3, [[9]]) == .invalidReplicaAssignment)
                #expect(try await grow(to: 3, only: true) == ErrorCode.none)
                #expect(await broker.topics == ["t": 2])
                #expect(try await grow(to: 3) == ErrorCode.none)
                #expect(try await grow(to: 5, [[2], [1]]) == ErrorCode.none)
                let batch = try ProduceRequest(TestBatch.make(), topic: "t", partition: 2)
                #expect(try await client.send(batch, version: 9).single.errorCode == .none)
                let missing = CreatePartitionsRequest(topics: [.init(name: "none", count: 2)])
                let refused = try await client.send(missing, version: version)
                #expect(refused.results.map(\.errorCode) == [.unknownTopicOrPartition])
            }
            try await withBroker {
                $0.dataDirectory = path
            } _: { broker, _ in
                let topics = await broker.topics
                let end = try await broker.logEndOffset(topic: "t", partition: 2)
                #expect(topics == ["t": 5] && end == 3)
            }
        }
    }

    @Test("settings are changed one by one, and all together")
    func alterConfigs() async throws {
        try await withTopic { broker, client in
            func alter(_ operation: Int8, _ name: String, _ value: String?, type: Int8 = 2) async throws -> ErrorCode? {
                let config = IncrementalAlterConfigsRequest.Config(name: name, configOperation: operation, value: value)
                let resource = IncrementalAlterConfigsRequest.Resource(
                    resourceType: type,
                    resourceName: type == 2 ? "t" : "1",
                    configs: [config]
                )
                let request = IncrementalAlterConfigsRequest(resources: [resource])
                return try await client.send(request, version: 1).responses.first?.errorCode
            }
            func value(_ name: String) async throws -> String? {
                let resource = DescribeConfigsRequest.Resource(
                    resourceType: Self.topicResource,
                    resourceName: "t",
                    configurationKeys: [name]
                )
                let response = try await client.send(DescribeConfigsRequest(resources: [resource]), version: 4)
                return response.results.first?.configs.first?.value
            }
            #expect(try await alter(0, "max.message.bytes", "80") == ErrorCode.none)
            let large = try ProduceRequest(TestBatch.make(), topic: "t")
            #expect(try await client.send(large, version: 9).single.errorCode == .messageTooLarge)
            #expect(try await alter(2, "cleanup.policy", "compact") == ErrorCode.none)
            #expect(try await value("cleanup.policy") == "delete,compact")
            #expect(try await alter(3, "cleanup.policy", "delete") == ErrorCode.none)
            #expect(try await value("cleanup.policy") == "compact")
            #expect(try await alter(3, "cleanup.policy", "compact") == .invalidConfig)
            #expect(try await alter(2, "retention.ms", "1") == .invalidConfig)
            #expect(try await alter(0, "retention.ms", nil) == .invalidRequest)
            #expect(try await alter(9, "retention.ms", "1") == .invalidRequest)
            #expect(try await alter(0, "nothing", "1") == .invalidConfig)
            #expect(try await alter(0, "log.retention.ms", "1", type: 4) == .invalidRequest)
            #expect(try await alter(1, "max.message.bytes", nil) == ErrorCode.none)
            #expect(try await value("max.message.bytes") == "1048588")
            let all = AlterConfigsRequest(
                resources: [
                    .init(resourceType: 2, resourceName: "t", configs: [.init(name: "retention.ms", value: "5")]),
                    .init(resourceType: 2, resourceName: "none", configs: []),
                ]
            )
            for version in AlterConfigsRequest.validVersions {
                let response = try await client.send(all, version: version)
                #expect(response.responses.map(\.errorCode) == [.none, .unknownTopicOrPartition])
            }
            #expect(try await value("retention.ms") == "5")
            #expect(try await value("cleanup.policy") == "delete", "what is not named is the broker's again")
        }
    }

    @Test(
        "records are deleted up to an offset, and stay so after a restart",
        arguments: DeleteRecordsRequest.validVersions
    )
    func deleteRecords(version: Int16) async throws {
        try await withTemporaryDirectory { path in
            try await withTopic {
                $0.dataDirectory = path
            } _: { broker, client in
                try await write(5, client)
                func delete(_ offset: Int64) async throws -> DeleteRecordsResponse.PartitionResult? {
                    let topic = DeleteRecordsRequest.Topic(name: "t", partitions: [.init(offset: offset)])
                    let response = try await client.send(DeleteRecordsRequest(topics: [topic]), version: version)
                    return response.topics.first?.partitions.first
                }
                #expect(try await delete(3)?.lowWatermark == 3)
                #expect(try await delete(1)?.lowWatermark == 3)
                #expect(try await delete(6)?.errorCode == .offsetOutOfRange)
                #expect(try await delete(-2)?.errorCode == .offsetOutOfRange)
                try await broker.setTopic("t", .cleanupPolicy, to: "compact")
                #expect(try await delete(4)?.errorCode == .policyViolation)
                try await broker.setTopic("t", .cleanupPolicy, to: nil)
                let early = try await client.send(FetchRequest(topic: "t", from: 2), version: 11).single
                #expect(early.errorCode == .offsetOutOfRange)
            }
            try await withBroker {
                $0.dataDirectory = path
            } _: { broker, client in
                let offsets = try await broker.records(topic: "t", partition: 0).map(\.offset)
                #expect(offsets == [3, 4])
                let topic = DeleteRecordsRequest.Topic(name: "t", partitions: [.init(offset: -1)])
                let response = try await client.send(DeleteRecordsRequest(topics: [topic]), version: version)
                #expect(response.topics.first?.partitions.first?.lowWatermark == 5)
                try await write(1, client)
                let after = try await broker.records(topic: "t", partition: 0).map(\.offset)
                #expect(after == [5])
            }
        }
    }

    @Test("where an epoch ends is told, also after a restart", arguments: OffsetForLeaderEpochRequest.validVersions)
    func leaderEpochs(version: Int16) async throws {
        try await withTemporaryDirectory { path in
            for round in 0..<2 {
                try await withTopic {
                    $0.dataDirectory = path
                    $0.brokers = 2
                } _: { broker, client in
                    func end(_ epoch: Int32) async throws -> [Int64] {
                        let topic = OffsetForLeaderEpochRequest.Topic(
                            topic: "t",
                            partitions: [.init(partition: 0, currentLeaderEpoch: -1, leaderEpoch: epoch)]
                        )
                        let request = OffsetForLeaderEpochRequest(topics: [topic])
                        let found = try await client.send(request, version: version).topics.first?.partitions.first
                        #expect(found?.errorCode == ErrorCode.none)
                        return [Int64(found?.leaderEpoch ?? 0), found?.endOffset ?? 0]
                    }
                    if round == 0 {
                        try await write(3, client)
                        try await broker.moveLeader(topic: "t", partition: 0, to: 2)
                        try await broker.moveLeader(topic: "t", partition: 0, to: 1)
                        try await write(1, client)
                    }
                    #expect(try await end(0) == [0, 3])
                    #expect(try await end(1) == [0, 3], "nothing was written in epoch 1")
                    #expect(try await end(2) == [2, 4])
                    #expect(try await end(9) == [-1, -1])
                    #expect(try await end(-1) == [-1, -1])
                }
            }
        }
    }

    @Test("the preferred replica leads again", arguments: ElectLeadersRequest.validVersions)
    func elections(version: Int16) async throws {
        try await withTopic {
            $0.brokers = 2
            $0.replicationFactor = 2
        } _: { broker, client in
            func elect(_ type: Int8, _ partitions: [Int32]?) async throws -> [String] {
                let topics = partitions.map { [ElectLeadersRequest.Topic(topic: "t", partitions: $0)] }
                let request = ElectLeadersRequest(electionType: version == 0 ? 0 : type, topicPartitions: topics)
                let response = try await client.send(request, version: version)
                #expect(response.errorCode == .none)
                return response.replicaElectionResults.flatMap { topic in
                    topic.partitionResult.map { "\($0.partitionID) \($0.errorCode)" }
                }
            }
            try await broker.moveLeader(topic: "t", partition: 0, to: 2)
            #expect(
                try await elect(0, [0, 1, 9]) == ["0 NONE", "1 ELECTION_NOT_NEEDED", "9 UNKNOWN_TOPIC_OR_PARTITION"]
            )
            #expect(try await elect(0, nil) == [])
            try await broker.stop(node: 2)
            #expect(try await elect(0, [1]) == ["1 PREFERRED_LEADER_NOT_AVAILABLE"])
            if version > 0 { #expect(try await elect(1, [1]) == ["1 ELECTION_NOT_NEEDED"]) }
        }
    }

    @Test("logs and producers are described")
    func descriptions() async throws {
        try await withTopic { broker, client in
            let producer = TransactionalClient(client, id: "tx", .second)
            try await producer.initialize()
            try await producer.produce(["x", "y"], to: TransactionPartition("t", 0))
            let topics = [DescribeProducersRequest.Topic(name: "t", partitionIndexes: [0, 1, 9])]
            let found = try await client.send(DescribeProducersRequest(topics: topics), version: 0)
            let partitions = try #require(found.topics.first?.partitions)
            #expect(partitions.map(\.errorCode) == [.none, .none, .unknownTopicOrPartition])
            #expect(partitions.map(\.activeProducers.count) == [1, 0, 0])
            let known = try #require(partitions.first?.activeProducers.first)
            #expect(known.producerID == producer.producer.id && known.lastSequence == 1)
            #expect(known.currentTransactionStartOffset == 0 && known.lastTimestamp == TestBatch.time + 1)
            for version in DescribeLogDirsRequest.validVersions {
                let wanted = [DescribeLogDirsRequest.Topic(topic: "t", partitions: [0])]
                for (request, count) in [(DescribeLogDirsRequest(topics: nil), 2), (.init(topics: wanted), 1)] {
                    let directory = try #require(try await client.send(request, version: version).results.first)
                    #expect(directory.topics.map(\.name) == ["t"] && directory.topics[0].partitions.count == count)
                    #expect(directory.topics[0].partitions[0].partitionSize > 70)
                }
            }
            let moves = try await client.send(ListPartitionReassignmentsRequest(topics: nil), version: 0)
            #expect(moves.errorCode == .none && moves.topics == [])
        }
    }

    @Test("who has no right is refused")
    func rights() async throws {
        try await withTopic {
            $0.security.permissions = [Permission("User:x", .all, .topic, "*")]
        } _: { broker, client in
            let deleted = try await client.send(DeleteTopicsRequest(topicNames: ["t"]), version: 5)
            #expect(deleted.responses.map(\.errorCode) == [.topicAuthorizationFailed])
            let grown = try await client.send(CreatePartitionsRequest(topics: [.init(name: "t", count: 9)]), version: 3)
            #expect(grown.results.map(\.errorCode) == [.topicAuthorizationFailed])
            let altered = try await client.send(
                IncrementalAlterConfigsRequest(resources: [.init(resourceType: 2, resourceName: "t")]),
                version: 1
            )
            #expect(altered.responses.map(\.errorCode) == [.topicAuthorizationFailed])
            let records = DeleteRecordsRequest(topics: [.init(name: "t", partitions: [.init()])])
            let cut = try await client.send(records, version: 2).topics.flatMap { $0.partitions.map(\.errorCode) }
            #expect(cut == [.topicAuthorizationFailed])
            #expect(
                try await client.send(ElectLeadersRequest(topicPartitions: nil), version: 2).errorCode
                    == .clusterAuthorizationFailed
            )
            #expect(
                try await client.send(DescribeLogDirsRequest(topics: nil), version: 4).errorCode
                    == .clusterAuthorizationFailed
            )
            let rules = try await client.send(DescribeAclsRequest(filter: .init(resourceTypeFilter: 1)), version: 3)
            #expect(rules.errorCode == .clusterAuthorizationFailed)
            #expect(
                try await client.send(DescribeClientQuotasRequest(), version: 1).errorCode
                    == .clusterAuthorizationFailed
            )
            let quotas = AlterClientQuotasRequest(entries: [.init(entity: [.init(entityType: "user", entityName: "a")])]
            )
            let refused = try await client.send(quotas, version: 1).entries.map(\.errorCode)
            #expect(refused == [.clusterAuthorizationFailed])
            #expect(await broker.topics == ["t": 2])
        }
    }
}
