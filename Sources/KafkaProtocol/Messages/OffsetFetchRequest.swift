// SPDX-License-Identifier: Apache-2.0

// OffsetFetch: tells the offsets that groups have committed.
//
//  2  all partitions of a group; errorCode
//  3  throttleTimeMs
//  4  the broker answers before it throttles (KIP-219)
//  5  committedLeaderEpoch (KIP-320)
//  6  flexible
//  7  requireStable: offsets of open transactions are an error (KIP-447)
//  8  several groups in one request (KIP-709)
//  9  the member that asks (KIP-848)
// 10  topics by their ids

/// Asks for offsets that groups have committed.
public struct OffsetFetchRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = OffsetFetchResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.offsetFetch
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 1...10

    /// The group's name, up to version 7.
    public var groupID: String
    /// The partitions to tell of, or null for all, up to version 7.
    public var topics: [Topic]?
    /// The groups, from version 8 on.
    public var groups: [Group]
    /// Whether UNSTABLE_OFFSET_COMMIT is answered while a transaction with an offset of the partition is open.
    public var requireStable: Bool

    /// A request with Kafka's defaults for what is not given.
    public init(groupID: String = "", topics: [Topic]? = [], groups: [Group] = [], requireStable: Bool = false) {
        self.groupID = groupID
        self.topics = topics
        self.groups = groups
        self.requireStable = requireStable
    }

    /// Nothing but defaults.
    public init() {
        self.init(groupID: "")
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("groupId", &groupID, until: 7, default: "")
        try coder.field("topics", &topics, until: 7, nullableSince: 2)
        try coder.field("groups", &groups, since: 8, default: [])
        try coder.field("requireStable", &requireStable, since: 7, default: false)
    }
}

extension OffsetFetchRequest {
    /// Partitions of one topic, up to version 7.
    public typealias Topic = TopicPartitionIndexes

    /// What to tell of one group.
    public struct Group: FieldStructure {
        /// The group's name.
        public var groupID: String
        /// The id of the member that asks, or null.
        public var memberID: String?
        /// The epoch of that member, or -1.
        public var memberEpoch: Int32
        /// The partitions to tell of, or null for all.
        public var topics: [GroupTopic]?

        /// A group with Kafka's defaults for what is not given.
        public init(
            groupID: String = "",
            memberID: String? = nil,
            memberEpoch: Int32 = -1,
            topics: [GroupTopic]? = []
        ) {
            self.groupID = groupID
            self.memberID = memberID
            self.memberEpoch = memberEpoch
            self.topics = topics
        }

        /// Nothing but defaults.
        public init() {
            self.init(groupID: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("groupId", &groupID)
            try coder.field("memberId", &memberID, since: 9)
            try coder.field("memberEpoch", &memberEpoch, since: 9)
            try coder.field("topics", &topics)
        }
    }

    /// Partitions of one topic, from version 8 on.
    public struct GroupTopic: FieldStructure {
        /// The topic's name.
        public var name: String
        /// The topic's id, instead of its name, from version 10 on.
        public var topicID: TopicID
        /// The partitions.
        public var partitionIndexes: [Int32]

        /// A topic with Kafka's defaults for what is not given.
        public init(name: String = "", topicID: TopicID = TopicID(), partitionIndexes: [Int32] = []) {
            self.name = name
            self.topicID = topicID
            self.partitionIndexes = partitionIndexes
        }

        /// Nothing but defaults.
        public init() {
            self.init(name: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("name", &name, until: 9)
            try coder.field("topicId", &topicID, since: 10)
            try coder.field("partitionIndexes", &partitionIndexes)
        }
    }
}
