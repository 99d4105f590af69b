// SPDX-License-Identifier: Apache-2.0

/// What the page shows of a cluster: a value that is written as JSON. Of what there is too much of, the first ones are in it, and how
/// many are left out.
struct ClusterView: Encodable {
    struct Broker: Encodable {
        var id: Int32
        var address: String
        var state: String
    }

    struct PartitionView: Encodable {
        var index: Int32
        /// nil for none.
        var leader: Int32?
        var epoch: Int32
        var replicas: [Int32]
        var inSync: [Int32]
        var logStart: Int64
        var highWatermark: Int64
        var logEnd: Int64
        /// Bytes of the leader's log.
        var size: Int
    }

    struct TopicView: Encodable {
        var name: String
        var partitionCount: Int
        var partitions: [PartitionView]
        var partitionsOmitted: Int
        /// The last records, the newest first; nil when those of other topics are shown.
        var records: [ShownRecord]?
        /// Why some of the last records are not shown.
        var recordsOmitted: String?
    }

    struct Member: Encodable {
        var id: String
        var instance: String?
        var client: String
        var host: String
        /// What it reads, such as `orders 0,1`.
        var reads: [String]
    }

    struct Offset: Encodable {
        var topic: String
        var partition: Int32
        var committed: Int64
        /// How many records are behind it that consumers can read; nil when the partition is gone.
        var lag: Int64?
    }

    struct Group: Encodable {
        var name: String
        var state: String
        var members: [Member]
        var offsets: [Offset]
        var offsetsOmitted: Int
        /// Over all partitions, those that are left out too.
        var lag: Int64
    }

    var cluster: String
    var brokers: [Broker]
    /// Brokers that cannot reach each other.
    var parted: [String]
    var topicCount: Int
    var partitionCount: Int
    var topics: [TopicView]
    var topicsOmitted: Int
    /// Why no records are shown at all.
    var recordsHidden: String?
    var groups: [Group]
    var groupsOmitted: Int
}
