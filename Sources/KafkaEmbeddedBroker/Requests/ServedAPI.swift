// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// An API that the embedded broker serves, and in which versions.
struct ServedAPI {
    let key: APIKey
    /// The versions that are served.
    let versions: ClosedRange<Int16>
    /// The versions that clients are told of.
    let advertised: ClosedRange<Int16>

    init(_ key: APIKey, _ versions: ClosedRange<Int16>, advertised: ClosedRange<Int16>? = nil) {
        self.key = key
        self.versions = versions
        self.advertised = advertised ?? versions
    }

    /// All of them, by rising key. Kafka 4 tells clients of Produce from version 0 on though it serves none before 3,
    /// since librdkafka would otherwise not compress (KAFKA-18659); so does this broker.
    static let all: [ServedAPI] = [
        ServedAPI(.produce, ProduceRequest.validVersions, advertised: 0...ProduceRequest.validVersions.upperBound),
        ServedAPI(.fetch, FetchRequest.validVersions),
        ServedAPI(.listOffsets, ListOffsetsRequest.validVersions),
        ServedAPI(.metadata, MetadataRequest.validVersions),
        ServedAPI(.offsetCommit, OffsetCommitRequest.validVersions),
        ServedAPI(.offsetFetch, OffsetFetchRequest.validVersions),
        ServedAPI(.findCoordinator, FindCoordinatorRequest.validVersions),
        ServedAPI(.joinGroup, JoinGroupRequest.validVersions),
        ServedAPI(.heartbeat, HeartbeatRequest.validVersions),
        ServedAPI(.leaveGroup, LeaveGroupRequest.validVersions),
        ServedAPI(.syncGroup, SyncGroupRequest.validVersions),
        ServedAPI(.describeGroups, DescribeGroupsRequest.validVersions),
        ServedAPI(.listGroups, ListGroupsRequest.validVersions),
        ServedAPI(.saslHandshake, SaslHandshakeRequest.validVersions),
        ServedAPI(.apiVersions, ApiVersionsRequest.validVersions),
        ServedAPI(.createTopics, CreateTopicsRequest.validVersions),
        ServedAPI(.deleteTopics, DeleteTopicsRequest.validVersions),
        ServedAPI(.deleteRecords, DeleteRecordsRequest.validVersions),
        // Version 6 is not stable in any Kafka yet.
        ServedAPI(.initProducerID, InitProducerIDRequest.validVersions, advertised: 0...5),
        ServedAPI(.offsetForLeaderEpoch, OffsetForLeaderEpochRequest.validVersions),
        ServedAPI(.addPartitionsToTransaction, AddPartitionsToTransactionRequest.validVersions),
        ServedAPI(.addOffsetsToTransaction, AddOffsetsToTransactionRequest.validVersions),
        ServedAPI(.endTransaction, EndTransactionRequest.validVersions),
        ServedAPI(.transactionOffsetCommit, TransactionOffsetCommitRequest.validVersions),
        ServedAPI(.describeAcls, DescribeAclsRequest.validVersions),
        ServedAPI(.createAcls, CreateAclsRequest.validVersions),
        ServedAPI(.deleteAcls, DeleteAclsRequest.validVersions),
        ServedAPI(.describeConfigs, DescribeConfigsRequest.validVersions),
        ServedAPI(.alterConfigs, AlterConfigsRequest.validVersions),
        ServedAPI(.describeLogDirs, DescribeLogDirsRequest.validVersions),
        ServedAPI(.saslAuthenticate, SaslAuthenticateRequest.validVersions),
        ServedAPI(.createPartitions, CreatePartitionsRequest.validVersions),
        ServedAPI(.deleteGroups, DeleteGroupsRequest.validVersions),
        ServedAPI(.electLeaders, ElectLeadersRequest.validVersions),
        ServedAPI(.incrementalAlterConfigs, IncrementalAlterConfigsRequest.validVersions),
        ServedAPI(.listPartitionReassignments, ListPartitionReassignmentsRequest.validVersions),
        ServedAPI(.offsetDelete, OffsetDeleteRequest.validVersions),
        ServedAPI(.describeClientQuotas, DescribeClientQuotasRequest.validVersions),
        ServedAPI(.alterClientQuotas, AlterClientQuotasRequest.validVersions),
        ServedAPI(.describeCluster, DescribeClusterRequest.validVersions),
        ServedAPI(.describeProducers, DescribeProducersRequest.validVersions),
        ServedAPI(.describeTransactions, DescribeTransactionsRequest.validVersions),
        ServedAPI(.listTransactions, DescribeTransactionsService.listVersions),
        ServedAPI(.getTelemetrySubscriptions, GetTelemetrySubscriptionsRequest.validVersions),
        ServedAPI(.pushTelemetry, PushTelemetryRequest.validVersions),
    ]

    /// Whether this version of this API is served.
    static func isServed(_ key: APIKey, version: Int16) -> Bool {
        all.contains { $0.key == key && $0.versions.contains(version) }
    }
}
