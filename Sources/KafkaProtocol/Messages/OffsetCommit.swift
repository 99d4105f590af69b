// SPDX-License-Identifier: Apache-2.0

// OffsetCommit: commits a group's offsets.
//
//  2  retentionTimeMs; the oldest version of Kafka 4
//  3  throttleTimeMs
//  4  the broker answers before it throttles (KIP-219)
//  5  retentionTimeMs is gone (KIP-211)
//  6  committedLeaderEpoch (KIP-320)
//  7  groupInstanceID (KIP-345)
//  8  flexible
//  9  groups of the new protocol (KIP-848)
// 10  topics by their ids

/// Commits a group's offsets.
public struct OffsetCommitRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = OffsetCommitResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.offsetCommit
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 2...10

    /// The group's name.
    public var groupID: String
    /// The group's generation that the member knows.
    public var generationID: Int32
    /// The member's id.
    public var memberID: String
    /// The name of a static member, or null (KIP-345).
    public var groupInstanceID: String?
    /// Milliseconds for which to keep the offsets, or -1, up to version 4.
    public var retentionTimeMs: Int64
    /// The offsets.
    public var topics: [Topic]

    /// A request with Kafka's defaults for what is not given.
    public init(
        groupID: String = "",
        generationID: Int32 = -1,
        memberID: String = "",
        groupInstanceID: String? = nil,
        retentionTimeMs: Int64 = -1,
        topics: [Topic] = []
    ) {
        self.groupID = groupID
        self.generationID = generationID
        self.memberID = memberID
        self.groupInstanceID = groupInstanceID
        self.retentionTimeMs = retentionTimeMs
        self.topics = topics
    }

    /// Nothing but defaults.
    public init() {
        self.init(groupID: "")
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("groupId", &groupID)
        try coder.field("generationIdOrMemberEpoch", &generationID)
        try coder.field("memberId", &memberID)
        try coder.field("groupInstanceId", &groupInstanceID, since: 7, default: nil)
        try coder.field("retentionTimeMs", &retentionTimeMs, until: 4)
        try coder.field("topics", &topics)
    }
}

extension OffsetCommitRequest {
    /// Offsets of one topic.
    public struct Topic: FieldStructure {
        /// The topic's name.
        public var name: String
        /// The topic's id, instead of its name, from version 10 on.
        public var topicID: TopicID
        /// The partitions.
        public var partitions: [Partition]

        /// A topic with Kafka's defaults for what is not given.
        public init(name: String = "", topicID: TopicID = TopicID(), partitions: [Partition] = []) {
            self.name = name
            self.topicID = topicID
            self.partitions = partitions
        }

        /// Nothing but defaults.
        public init() {
            self.init(name: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("name", &name, until: 9)
            try coder.field("topicId", &topicID, since: 10)
            try coder.field("partitions", &partitions)
        }
    }

    /// The offset of one partition.
    public struct Partition: FieldStructure {
        /// The partition's number.
        public var partitionIndex: Int32
        /// The offset of the next record to read.
        public var committedOffset: Int64
        /// The leader epoch of the last record consumed, or -1.
        public var committedLeaderEpoch: Int32
        /// What the client wants to be kept with it, or null.
        public var committedMetadata: String?

        /// A partition with Kafka's defaults for what is not given.
        public init(
            partitionIndex: Int32 = 0,
            committedOffset: Int64 = 0,
            committedLeaderEpoch: Int32 = -1,
            committedMetadata: String? = ""
        ) {
            self.partitionIndex = partitionIndex
            self.committedOffset = committedOffset
            self.committedLeaderEpoch = committedLeaderEpoch
            self.committedMetadata = committedMetadata
        }

        /// Nothing but defaults.
        public init() {
            self.init(partitionIndex: 0)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("partitionIndex", &partitionIndex)
            try coder.field("committedOffset", &committedOffset)
            try coder.field("committedLeaderEpoch", &committedLeaderEpoch, since: 6)
            try coder.field("committedMetadata", &committedMetadata)
        }
    }
}

/// Tells which offsets are committed.
public struct OffsetCommitResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = OffsetCommitRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 4

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// The results of each topic.
    public var topics: [Topic]

    /// A response with Kafka's defaults for what is not given.
    public init(throttleTimeMs: Int32 = 0, topics: [Topic] = []) {
        self.throttleTimeMs = throttleTimeMs
        self.topics = topics
    }

    /// Nothing but defaults.
    public init() {
        self.init(throttleTimeMs: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs, since: 3)
        try coder.field("topics", &topics)
    }
}

extension OffsetCommitResponse {
    /// How it went for one topic.
    public struct Topic: FieldStructure {
        /// The topic's name.
        public var name: String
        /// The topic's id, instead of its name, from version 10 on.
        public var topicID: TopicID
        /// The partitions.
        public var partitions: [Partition]

        /// A topic with Kafka's defaults for what is not given.
        public init(name: String = "", topicID: TopicID = TopicID(), partitions: [Partition] = []) {
            self.name = name
            self.topicID = topicID
            self.partitions = partitions
        }

        /// Nothing but defaults.
        public init() {
            self.init(name: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("name", &name, until: 9)
            try coder.field("topicId", &topicID, since: 10)
            try coder.field("partitions", &partitions)
        }
    }

    /// How it went for one partition.
    public typealias Partition = PartitionError
}
