// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaProtocol
import NIOCore

@testable import KafkaEmbeddedBroker

/// Good requests of every kind in every version, to damage.
enum SampleRequests {
    /// Their frames, sizes included.
    static func frames() throws -> [[UInt8]] {
        let batches = try [TestBatch.make(), TestBatch.make(codec: .zstd, producerID: 5, epoch: 0, sequence: 0)]
        let topic = CreateTopicsRequest.Topic(
            name: "made",
            numPartitions: 3,
            replicationFactor: 1,
            configs: [CreateTopicsRequest.Config(name: "max.message.bytes", value: "1000")]
        )
        let placed = CreateTopicsRequest.Topic(
            name: "placed",
            numPartitions: -1,
            replicationFactor: -1,
            assignments: [CreateTopicsRequest.Assignment(partitionIndex: 0, brokerIDs: [1])]
        )
        let offsets = ListOffsetsRequest(
            topics: [.init(name: "t", partitions: [.init(partitionIndex: 0, timestamp: -1)])]
        )
        return try frames(of: ApiVersionsRequest(clientSoftwareName: "a", clientSoftwareVersion: "1"))
            + frames(of: MetadataRequest(topics: [MetadataRequest.Topic(name: "t")]))
            + batches.flatMap { try frames(of: ProduceRequest($0, topic: "t")) }
            + frames(of: FetchRequest(topic: "t")) + frames(of: offsets)
            + frames(of: CreateTopicsRequest(topics: [topic])) + frames(of: CreateTopicsRequest(topics: [placed]))
            + frames(of: InitProducerIDRequest()) + frames(of: FindCoordinatorRequest(key: "group"))
            + frames(of: SaslHandshakeRequest(mechanism: "PLAIN"))
            + frames(of: SaslAuthenticateRequest(authBytes: ByteBuffer(string: "\0alice\0secret")))
            + frames(of: DescribeClusterRequest(includeClusterAuthorizedOperations: true))
            + frames(of: DescribeConfigsRequest(resources: [.init(resourceType: 2, resourceName: "t")]))
            + frames(of: GetTelemetrySubscriptionsRequest())
            + frames(of: PushTelemetryRequest(compressionType: 1, metrics: ByteBuffer(string: "metrics")))
            + transactionFrames() + groupFrames() + administrationFrames()
    }

    private static func administrationFrames() throws -> [[UInt8]] {
        let change = IncrementalAlterConfigsRequest.Config(name: "segment.bytes", configOperation: 0, value: "500")
        let entity = DescribeClientQuotasResponse.Entity(entityType: "client-id", entityName: "nobody")
        let quota = AlterClientQuotasRequest.Operation(key: "producer_byte_rate", value: 1e9)
        let creation = CreateAclsRequest.Creation(
            resourceType: 3,
            resourceName: "nobody's",
            principal: "User:a",
            host: "*",
            operation: 3,
            permissionType: 3
        )
        let epochs = OffsetForLeaderEpochRequest.Topic(topic: "t", partitions: [.init(currentLeaderEpoch: -1)])
        return try frames(of: DeleteTopicsRequest(topicNames: ["made"]))
            + frames(of: CreatePartitionsRequest(topics: [.init(name: "t", count: 3)]))
            + frames(
                of: IncrementalAlterConfigsRequest(resources: [
                    .init(resourceType: 2, resourceName: "t", configs: [change])
                ])
            )
            + frames(of: AlterConfigsRequest(resources: [.init(resourceType: 2, resourceName: "t")]))
            + frames(of: DeleteRecordsRequest(topics: [.init(name: "t", partitions: [.init(offset: 0)])]))
            + frames(of: OffsetForLeaderEpochRequest(topics: [epochs]))
            + frames(of: ElectLeadersRequest(topicPartitions: [.init(topic: "t", partitions: [0])]))
            + frames(of: ListPartitionReassignmentsRequest()) + frames(of: DescribeLogDirsRequest())
            + frames(of: DescribeProducersRequest(topics: [.init(name: "t", partitionIndexes: [0])]))
            + frames(of: CreateAclsRequest(creations: [creation]))
            + frames(of: DescribeAclsRequest(filter: .init(resourceTypeFilter: 1, operation: 1, permissionType: 1)))
            + frames(of: DeleteAclsRequest(filters: [.init(resourceTypeFilter: 1, operation: 1, permissionType: 1)]))
            + frames(of: DescribeClientQuotasRequest(components: [.init(entityType: "user", matchType: 2)]))
            + frames(of: AlterClientQuotasRequest(entries: [.init(entity: [entity], ops: [quota])]))
    }

    private static func groupFrames() throws -> [[UInt8]] {
        let join = JoinGroupRequest(
            groupID: "g",
            sessionTimeoutMs: 10_000,
            rebalanceTimeoutMs: 0,
            protocolType: "consumer",
            protocols: [.init(name: "range", metadata: ByteBuffer(string: "\0\0\0\0\0\u{1}\0\u{1}t"))]
        )
        var named = join
        named.groupInstanceID = "i"
        let assignment = SyncGroupRequest.Assignment(memberID: "m", assignment: ByteBuffer(string: "all"))
        let leaving = LeaveGroupRequest(groupID: "g", members: [.init(memberID: "m", groupInstanceID: "i")])
        let deletion = OffsetDeleteRequest(groupID: "g", topics: [.init(name: "t", partitions: [.init()])])
        return try frames(of: join) + frames(of: named)
            + frames(of: SyncGroupRequest(groupID: "g", memberID: "m", assignments: [assignment]))
            + frames(of: HeartbeatRequest(groupID: "g", memberID: "m")) + frames(of: leaving)
            + frames(of: LeaveGroupRequest(groupID: "g", memberID: "m"))
            + frames(of: ListGroupsRequest(statesFilter: ["Stable"])) + frames(of: ListGroupsRequest())
            + frames(of: DescribeGroupsRequest(groups: ["g"])) + frames(of: DeleteGroupsRequest(groupsNames: ["g"]))
            + frames(of: deletion)
    }

    private static func transactionFrames() throws -> [[UInt8]] {
        let topic = AddPartitionsToTransactionRequest.Topic(name: "t", partitions: [0])
        let add = AddPartitionsToTransactionRequest(transactionalID: "tx", topics: [topic])
        let adds = AddPartitionsToTransactionRequest(transactions: [.init(transactionalID: "tx", topics: [topic])])
        let pending = TransactionOffsetCommitRequest(
            transactionalID: "tx",
            groupID: "g",
            topics: [.init(name: "t", partitions: [.init(committedOffset: 3, committedMetadata: "m")])]
        )
        let commit = OffsetCommitRequest(
            groupID: "g",
            topics: [.init(name: "t", partitions: [.init(committedOffset: 3, committedMetadata: "m")])]
        )
        let fetch = OffsetFetchRequest(groupID: "g", topics: [.init(name: "t", partitionIndexes: [0])])
        let fetches = OffsetFetchRequest(groups: [.init(groupID: "g", topics: nil)])
        var written = ProduceRequest(
            try TestBatch.transactional(["x"], ProducerIdentity(0, 0), sequence: 0),
            topic: "t"
        )
        written.transactionalID = "tx"
        return try frames(of: InitProducerIDRequest(transactionalID: "tx", transactionTimeoutMs: 1000))
            + frames(of: add) + frames(of: adds) + frames(of: written)
            + frames(of: AddOffsetsToTransactionRequest(transactionalID: "tx", groupID: "g")) + frames(of: pending)
            + frames(of: EndTransactionRequest(transactionalID: "tx", committed: true)) + frames(of: commit)
            + frames(of: fetch) + frames(of: fetches)
            + frames(of: FindCoordinatorRequest(keyType: 1, coordinatorKeys: ["tx"]))
            + frames(of: DescribeTransactionsRequest(transactionalIDs: ["tx"]))
            + frames(of: ListTransactionsRequest(stateFilters: ["Ongoing"]))
    }

    private static func frames<Request: KafkaRequest>(of request: Request) throws -> [[UInt8]] {
        // What a version cannot say is left out.
        Request.validVersions.compactMap { version in
            let frame = try? RequestFrame.encode(request, version: version, correlationID: 7, clientID: "test")
            return frame.map { Array($0.readableBytesView) }
        }
    }
}
