// SPDX-License-Identifier: Apache-2.0

// ListOffsets: finds the offset of the first record at or after a timestamp.
//
//  1  one offset instead of a list, and its timestamp
//  2  isolationLevel, throttleTimeMs
//  3  the broker answers before it throttles (KIP-219)
//  4  leader epochs, for fencing (KIP-320)
//  5  OFFSET_NOT_AVAILABLE may be answered
//  6  flexible
//  7  timestamp -3 finds the record of the largest timestamp (KIP-734)
//  8  timestamp -4 finds the oldest record on the broker's own disk (KIP-405)
//  9  timestamp -5 finds the newest record in tiered storage (KIP-1005)
// 10  timeoutMs, for tiered storage (KIP-1075)
// 11  timestamp -6 finds the oldest record not in tiered storage yet (KIP-1023)

/// Asks for offsets by timestamp.
public struct ListOffsetsRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = ListOffsetsResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.listOffsets
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 1...11

    /// The timestamp that asks for the offset of the next record to be written.
    public static let latestTimestamp: Int64 = -1
    /// The timestamp that asks for the offset of the oldest record.
    public static let earliestTimestamp: Int64 = -2
    /// The timestamp that asks for the record of the largest timestamp, from version 7 on.
    public static let maxTimestamp: Int64 = -3

    /// The broker id of a follower, -1 for a consumer.
    public var replicaID: Int32
    /// 0 for all records, 1 without those of open transactions.
    public var isolationLevel: Int8
    /// The partitions to look in.
    public var topics: [Topic]
    /// Milliseconds that the broker may wait for tiered storage.
    public var timeoutMs: Int32

    /// A request with Kafka's defaults for what is not given.
    public init(replicaID: Int32 = -1, isolationLevel: Int8 = 0, topics: [Topic] = [], timeoutMs: Int32 = 0) {
        self.replicaID = replicaID
        self.isolationLevel = isolationLevel
        self.topics = topics
        self.timeoutMs = timeoutMs
    }

    /// Nothing but defaults.
    public init() {
        self.init(replicaID: -1)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("replicaId", &replicaID)
        try coder.field("isolationLevel", &isolationLevel, since: 2, default: 0)
        try coder.field("topics", &topics)
        try coder.field("timeoutMs", &timeoutMs, since: 10)
    }
}

extension ListOffsetsRequest {
    /// The partitions of one topic to look in.
    public typealias Topic = TopicEntry<Partition>

    /// A partition to look in.
    public struct Partition: FieldStructure {
        /// The partition's number.
        public var partitionIndex: Int32
        /// The leader epoch that the client knows, or -1.
        public var currentLeaderEpoch: Int32
        /// Milliseconds since 1970, or one of the special values.
        public var timestamp: Int64

        /// A partition with Kafka's defaults for what is not given.
        public init(partitionIndex: Int32 = 0, currentLeaderEpoch: Int32 = -1, timestamp: Int64 = 0) {
            self.partitionIndex = partitionIndex
            self.currentLeaderEpoch = currentLeaderEpoch
            self.timestamp = timestamp
        }

        /// Nothing but defaults.
        public init() {
            self.init(partitionIndex: 0)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("partitionIndex", &partitionIndex)
            try coder.field("currentLeaderEpoch", &currentLeaderEpoch, since: 4)
            try coder.field("timestamp", &timestamp)
        }
    }
}

/// Tells offsets by timestamp.
public struct ListOffsetsResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = ListOffsetsRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 3

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// The partitions looked in.
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
        try coder.field("throttleTimeMs", &throttleTimeMs, since: 2)
        try coder.field("topics", &topics)
    }
}

extension ListOffsetsResponse {
    /// What was found in one topic.
    public typealias Topic = TopicEntry<Partition>

    /// What was found in one partition.
    public struct Partition: FieldStructure {
        /// The partition's number.
        public var partitionIndex: Int32
        /// An error of this partition.
        public var errorCode: ErrorCode
        /// The timestamp of the record found, or -1.
        public var timestamp: Int64
        /// The offset found, or -1.
        public var offset: Int64
        /// The leader epoch of the record found, or -1.
        public var leaderEpoch: Int32

        /// A partition with Kafka's defaults for what is not given.
        public init(
            partitionIndex: Int32 = 0,
            errorCode: ErrorCode = .none,
            timestamp: Int64 = -1,
            offset: Int64 = -1,
            leaderEpoch: Int32 = -1
        ) {
            self.partitionIndex = partitionIndex
            self.errorCode = errorCode
            self.timestamp = timestamp
            self.offset = offset
            self.leaderEpoch = leaderEpoch
        }

        /// Nothing but defaults.
        public init() {
            self.init(partitionIndex: 0)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("partitionIndex", &partitionIndex)
            try coder.field("errorCode", &errorCode)
            try coder.field("timestamp", &timestamp, since: 1)
            try coder.field("offset", &offset, since: 1)
            try coder.field("leaderEpoch", &leaderEpoch, since: 4, default: -1)
        }
    }
}
