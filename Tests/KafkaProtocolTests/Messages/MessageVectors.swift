// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaProtocol
import NIOCore
import Testing
import Vectors

/// Messages that kafka-clients 4.3.0 wrote, with their fields in Kafka's JSON form.
struct MessageVectors: Decodable {
    /// One message without its header.
    struct Entry: Decodable, CustomTestStringConvertible {
        var api: String
        var apiKey: Int16
        var kind: String
        var version: Int16
        var headerVersion: Int16
        var fields: JSONValue
        var hex: String
        /// The same message with tagged fields that nobody knows, of some entries.
        var hexUnknownTags: String?

        var body: ByteBuffer { ByteBuffer(bytes: [UInt8](hex: hex)) }
        var testDescription: String { "\(api) \(kind) v\(version)" }

        /// The type of this message.
        func type() throws -> any KafkaMessage.Type {
            let request = try #require(MessageVectors.requests[api], "an API that nobody decided about")
            return kind == "request" ? request : MessageVectors.response(to: request)
        }
    }

    /// All requests that there are vectors of, by Kafka's names.
    static let requests: [String: any KafkaRequest.Type] = [
        "AddOffsetsToTxn": AddOffsetsToTransactionRequest.self,
        "AddPartitionsToTxn": AddPartitionsToTransactionRequest.self,
        "AlterClientQuotas": AlterClientQuotasRequest.self,
        "AlterConfigs": AlterConfigsRequest.self,
        "ApiVersions": ApiVersionsRequest.self,
        "CreateAcls": CreateAclsRequest.self,
        "CreatePartitions": CreatePartitionsRequest.self,
        "CreateTopics": CreateTopicsRequest.self,
        "DeleteAcls": DeleteAclsRequest.self,
        "DeleteGroups": DeleteGroupsRequest.self,
        "DeleteRecords": DeleteRecordsRequest.self,
        "DeleteTopics": DeleteTopicsRequest.self,
        "DescribeAcls": DescribeAclsRequest.self,
        "DescribeClientQuotas": DescribeClientQuotasRequest.self,
        "DescribeCluster": DescribeClusterRequest.self,
        "DescribeConfigs": DescribeConfigsRequest.self,
        "DescribeGroups": DescribeGroupsRequest.self,
        "DescribeLogDirs": DescribeLogDirsRequest.self,
        "DescribeProducers": DescribeProducersRequest.self,
        "DescribeTransactions": DescribeTransactionsRequest.self,
        "ElectLeaders": ElectLeadersRequest.self,
        "EndTxn": EndTransactionRequest.self,
        "Fetch": FetchRequest.self,
        "FindCoordinator": FindCoordinatorRequest.self,
        "Heartbeat": HeartbeatRequest.self,
        "IncrementalAlterConfigs": IncrementalAlterConfigsRequest.self,
        "InitProducerId": InitProducerIDRequest.self,
        "JoinGroup": JoinGroupRequest.self,
        "LeaveGroup": LeaveGroupRequest.self,
        "ListGroups": ListGroupsRequest.self,
        "ListOffsets": ListOffsetsRequest.self,
        "ListPartitionReassignments": ListPartitionReassignmentsRequest.self,
        "ListTransactions": ListTransactionsRequest.self,
        "Metadata": MetadataRequest.self,
        "OffsetCommit": OffsetCommitRequest.self,
        "OffsetDelete": OffsetDeleteRequest.self,
        "OffsetFetch": OffsetFetchRequest.self,
        "OffsetForLeaderEpoch": OffsetForLeaderEpochRequest.self,
        "Produce": ProduceRequest.self,
        "SaslAuthenticate": SaslAuthenticateRequest.self,
        "SaslHandshake": SaslHandshakeRequest.self,
        "SyncGroup": SyncGroupRequest.self,
        "TxnOffsetCommit": TransactionOffsetCommitRequest.self,
        "WriteTxnMarkers": WriteTransactionMarkersRequest.self,
    ]

    static func response<Request: KafkaRequest>(to: Request.Type) -> any KafkaMessage.Type {
        Request.Response.self
    }

    var entries: [Entry]

    init(from decoder: any Decoder) throws {
        entries = try decoder.singleValueContainer().decode([Entry].self)
    }

    /// All messages of the folder that KAFKA_VECTORS names, or of the fixtures.
    static func load() throws -> [(entry: Entry, type: any KafkaMessage.Type)] {
        try files.get().flatMap(\.entries).map { ($0, try $0.type()) }
    }

    private static let files = Result {
        try ["messages.json", "messages-groups.json", "messages-administration.json"].map {
            try VectorFolder.load($0, in: .module, as: MessageVectors.self)
        }
    }
}
