// SPDX-License-Identifier: Apache-2.0

// TxnOffsetCommit: commits a group's offsets within a transaction (KIP-98).
//
//  1  the broker answers before it throttles (KIP-219)
//  2  committedLeaderEpoch (KIP-320)
//  3  flexible; the member that commits (KIP-447)
//  4  TRANSACTION_ABORTABLE may be answered (KIP-890)
//  5  the broker adds the group to the transaction itself (KIP-890)

/// Commits a group's offsets within a transaction.
public struct TransactionOffsetCommitRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = TransactionOffsetCommitResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.transactionOffsetCommit
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...5

    /// The transactional id.
    public var transactionalID: String
    /// The group's name.
    public var groupID: String
    /// The producer's id.
    public var producerID: Int64
    /// The producer's epoch.
    public var producerEpoch: Int16
    /// The group's generation that the member knows.
    public var generationID: Int32
    /// The member's id.
    public var memberID: String
    /// The name of a static member, or null (KIP-345).
    public var groupInstanceID: String?
    /// The offsets.
    public var topics: [Topic]

    /// A request with Kafka's defaults for what is not given.
    public init(
        transactionalID: String = "",
        groupID: String = "",
        producerID: Int64 = 0,
        producerEpoch: Int16 = 0,
        generationID: Int32 = -1,
        memberID: String = "",
        groupInstanceID: String? = nil,
        topics: [Topic] = []
    ) {
        self.transactionalID = transactionalID
        self.groupID = groupID
        self.producerID = producerID
        self.producerEpoch = producerEpoch
        self.generationID = generationID
        self.memberID = memberID
        self.groupInstanceID = groupInstanceID
        self.topics = topics
    }

    /// Nothing but defaults.
    public init() {
        self.init(transactionalID: "")
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("transactionalId", &transactionalID)
        try coder.field("groupId", &groupID)
        try coder.field("producerId", &producerID)
        try coder.field("producerEpoch", &producerEpoch)
        try coder.field("generationId", &generationID, since: 3, default: -1)
        try coder.field("memberId", &memberID, since: 3, default: "")
        try coder.field("groupInstanceId", &groupInstanceID, since: 3, default: nil)
        try coder.field("topics", &topics)
    }
}

extension TransactionOffsetCommitRequest {
    /// Offsets of one topic.
    public typealias Topic = TopicEntry<Partition>

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
            try coder.field("committedLeaderEpoch", &committedLeaderEpoch, since: 2)
            try coder.field("committedMetadata", &committedMetadata)
        }
    }
}

/// Tells which offsets are committed, if the transaction is.
public struct TransactionOffsetCommitResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = TransactionOffsetCommitRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 1

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
        try coder.field("throttleTimeMs", &throttleTimeMs)
        try coder.field("topics", &topics)
    }
}

extension TransactionOffsetCommitResponse {
    /// How it went for one topic.
    public typealias Topic = TopicEntry<Partition>

    /// How it went for one partition.
    public typealias Partition = PartitionError
}
