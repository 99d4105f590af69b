// SPDX-License-Identifier: Apache-2.0

/// Tells offsets that groups have committed.
public struct OffsetFetchResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = OffsetFetchRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 4

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// The offsets, up to version 7.
    public var topics: [Topic]
    /// How the request went, up to version 7.
    public var errorCode: ErrorCode
    /// The groups, from version 8 on.
    public var groups: [Group]

    /// A response with Kafka's defaults for what is not given.
    public init(throttleTimeMs: Int32 = 0, topics: [Topic] = [], errorCode: ErrorCode = .none, groups: [Group] = []) {
        self.throttleTimeMs = throttleTimeMs
        self.topics = topics
        self.errorCode = errorCode
        self.groups = groups
    }

    /// Nothing but defaults.
    public init() {
        self.init(throttleTimeMs: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs, since: 3)
        try coder.field("topics", &topics, until: 7, default: [])
        try coder.field("errorCode", &errorCode, since: 2, until: 7)
        try coder.field("groups", &groups, since: 8, default: [])
    }
}

extension OffsetFetchResponse {
    /// Offsets of one topic, up to version 7.
    public typealias Topic = TopicEntry<Partition>

    /// The offset of one partition.
    public struct Partition: FieldStructure {
        /// The partition's number.
        public var partitionIndex: Int32
        /// The offset of the next record to read, or -1 when there is none.
        public var committedOffset: Int64
        /// The leader epoch of the last record consumed, or -1.
        public var committedLeaderEpoch: Int32
        /// What was kept with it, or null.
        public var metadata: String?
        /// Why there is no offset.
        public var errorCode: ErrorCode

        /// A partition with Kafka's defaults for what is not given.
        public init(
            partitionIndex: Int32 = 0,
            committedOffset: Int64 = 0,
            committedLeaderEpoch: Int32 = -1,
            metadata: String? = "",
            errorCode: ErrorCode = .none
        ) {
            self.partitionIndex = partitionIndex
            self.committedOffset = committedOffset
            self.committedLeaderEpoch = committedLeaderEpoch
            self.metadata = metadata
            self.errorCode = errorCode
        }

        /// Nothing but defaults.
        public init() {
            self.init(partitionIndex: 0)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("partitionIndex", &partitionIndex)
            try coder.field("committedOffset", &committedOffset)
            try coder.field("committedLeaderEpoch", &committedLeaderEpoch, since: 5)
            try coder.field("metadata", &metadata)
            try coder.field("errorCode", &errorCode)
        }
    }

    /// The offsets of one group.
    public struct Group: FieldStructure {
        /// The group's name.
        public var groupID: String
        /// The offsets.
        public var topics: [GroupTopic]
        /// Why nothing is told of the group.
        public var errorCode: ErrorCode

        /// A group with Kafka's defaults for what is not given.
        public init(groupID: String = "", topics: [GroupTopic] = [], errorCode: ErrorCode = .none) {
            self.groupID = groupID
            self.topics = topics
            self.errorCode = errorCode
        }

        /// Nothing but defaults.
        public init() {
            self.init(groupID: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("groupId", &groupID)
            try coder.field("topics", &topics)
            try coder.field("errorCode", &errorCode)
        }
    }

    /// Offsets of one topic, from version 8 on.
    public struct GroupTopic: FieldStructure {
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
}
