// SPDX-License-Identifier: Apache-2.0

// OffsetForLeaderEpoch: tells where the records of a leader epoch end (KIP-101, KIP-320).
//
//  2  throttleTimeMs, currentLeaderEpoch; the oldest version of Kafka 4
//  3  replicaID
//  4  flexible

/// Asks where the records of leader epochs end.
public struct OffsetForLeaderEpochRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = OffsetForLeaderEpochResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.offsetForLeaderEpoch
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 2...4

    /// The broker id of a follower, -1 for a consumer.
    public var replicaID: Int32
    /// The topics.
    public var topics: [Topic]

    /// A request with Kafka's defaults for what is not given.
    public init(replicaID: Int32 = -2, topics: [Topic] = []) {
        self.replicaID = replicaID
        self.topics = topics
    }

    /// Nothing but defaults.
    public init() {
        self.init(replicaID: -2)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("replicaId", &replicaID, since: 3)
        try coder.field("topics", &topics)
    }
}

extension OffsetForLeaderEpochRequest {
    /// Partitions of one topic.
    public struct Topic: FieldStructure {
        /// The topic's name.
        public var topic: String
        /// The partitions.
        public var partitions: [Partition]

        /// A topic with Kafka's defaults for what is not given.
        public init(topic: String = "", partitions: [Partition] = []) {
            self.topic = topic
            self.partitions = partitions
        }

        /// Nothing but defaults.
        public init() {
            self.init(topic: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("topic", &topic)
            try coder.field("partitions", &partitions)
        }
    }

    /// What to tell of one partition.
    public struct Partition: FieldStructure {
        /// The partition's number.
        public var partition: Int32
        /// The leader epoch that the client knows, or -1.
        public var currentLeaderEpoch: Int32
        /// The epoch whose end is asked for.
        public var leaderEpoch: Int32

        /// A partition with Kafka's defaults for what is not given.
        public init(partition: Int32 = 0, currentLeaderEpoch: Int32 = -1, leaderEpoch: Int32 = 0) {
            self.partition = partition
            self.currentLeaderEpoch = currentLeaderEpoch
            self.leaderEpoch = leaderEpoch
        }

        /// Nothing but defaults.
        public init() {
            self.init(partition: 0)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("partition", &partition)
            try coder.field("currentLeaderEpoch", &currentLeaderEpoch)
            try coder.field("leaderEpoch", &leaderEpoch)
        }
    }
}

/// Tells where the records of leader epochs end.
public struct OffsetForLeaderEpochResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = OffsetForLeaderEpochRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 2

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// The results of each topic.
    public var topics: [TopicResult]

    /// A response with Kafka's defaults for what is not given.
    public init(throttleTimeMs: Int32 = 0, topics: [TopicResult] = []) {
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

extension OffsetForLeaderEpochResponse {
    /// What is told of one topic.
    public struct TopicResult: FieldStructure {
        /// The topic's name.
        public var topic: String
        /// The partitions.
        public var partitions: [EpochEndOffset]

        /// A result with Kafka's defaults for what is not given.
        public init(topic: String = "", partitions: [EpochEndOffset] = []) {
            self.topic = topic
            self.partitions = partitions
        }

        /// Nothing but defaults.
        public init() {
            self.init(topic: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("topic", &topic)
            try coder.field("partitions", &partitions)
        }
    }

    /// Where an epoch ends in one partition.
    public struct EpochEndOffset: FieldStructure {
        /// Why nothing is told.
        public var errorCode: ErrorCode
        /// The partition's number.
        public var partition: Int32
        /// The last epoch at or before the one asked for, or -1.
        public var leaderEpoch: Int32
        /// The offset behind its last record, or -1.
        public var endOffset: Int64

        /// An offset with Kafka's defaults for what is not given.
        public init(
            errorCode: ErrorCode = .none,
            partition: Int32 = 0,
            leaderEpoch: Int32 = -1,
            endOffset: Int64 = -1
        ) {
            self.errorCode = errorCode
            self.partition = partition
            self.leaderEpoch = leaderEpoch
            self.endOffset = endOffset
        }

        /// Nothing but defaults.
        public init() {
            self.init(errorCode: .none)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("errorCode", &errorCode)
            try coder.field("partition", &partition)
            try coder.field("leaderEpoch", &leaderEpoch)
            try coder.field("endOffset", &endOffset)
        }
    }
}
