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

        /// The type of this message, or nil for an API that the project has no use for yet.
        func type() throws -> (any KafkaMessage.Type)? {
            guard !MessageVectors.apisToCome.contains(api) else { return nil }
            let request = try #require(MessageVectors.requests[api], "an API that nobody decided about")
            return kind == "request" ? request : MessageVectors.response(to: request)
        }
    }

    /// The requests that the project speaks, by Kafka's names.
    static let requests: [String: any KafkaRequest.Type] = [
        "ApiVersions": ApiVersionsRequest.self,
        "CreateTopics": CreateTopicsRequest.self,
        "DescribeCluster": DescribeClusterRequest.self,
        "DescribeConfigs": DescribeConfigsRequest.self,
        "Fetch": FetchRequest.self,
        "FindCoordinator": FindCoordinatorRequest.self,
        "InitProducerId": InitProducerIDRequest.self,
        "ListOffsets": ListOffsetsRequest.self,
        "Metadata": MetadataRequest.self,
        "Produce": ProduceRequest.self,
        "SaslAuthenticate": SaslAuthenticateRequest.self,
        "SaslHandshake": SaslHandshakeRequest.self,
    ]

    /// The APIs of transactions, consumer groups and administration.
    static let apisToCome: Set<String> = [
        "AddOffsetsToTxn", "AddPartitionsToTxn", "CreatePartitions", "DeleteRecords", "DeleteTopics",
        "DescribeGroups", "DescribeTransactions", "EndTxn", "Heartbeat", "IncrementalAlterConfigs",
        "JoinGroup", "LeaveGroup", "ListGroups", "ListTransactions", "OffsetCommit", "OffsetFetch",
        "OffsetForLeaderEpoch", "SyncGroup", "TxnOffsetCommit", "WriteTxnMarkers",
    ]

    static func response<Request: KafkaRequest>(to: Request.Type) -> any KafkaMessage.Type {
        Request.Response.self
    }

    var entries: [Entry]

    init(from decoder: any Decoder) throws {
        entries = try decoder.singleValueContainer().decode([Entry].self)
    }

    /// All messages of the folder that KAFKA_VECTORS names, or of the fixtures, of the APIs that the project speaks.
    static func load() throws -> [(entry: Entry, type: any KafkaMessage.Type)] {
        try files.get().flatMap(\.entries).compactMap { entry in try entry.type().map { (entry, $0) } }
    }

    private static let files = Result {
        try ["messages.json", "messages-groups.json"].map {
            try VectorFolder.load($0, in: .module, as: MessageVectors.self)
        }
    }
}
