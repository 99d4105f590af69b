// SPDX-License-Identifier: Apache-2.0

// DeleteRecords: deletes the oldest records of partitions (KIP-107).
//
//  1  the broker answers before it throttles (KIP-219)
//  2  flexible

/// Deletes the oldest records of partitions.
public struct DeleteRecordsRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = DeleteRecordsResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.deleteRecords
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...2

    /// The topics.
    public var topics: [Topic]
    /// Milliseconds that the broker may take.
    public var timeoutMs: Int32

    /// A request with Kafka's defaults for what is not given.
    public init(topics: [Topic] = [], timeoutMs: Int32 = 0) {
        self.topics = topics
        self.timeoutMs = timeoutMs
    }

    /// Nothing but defaults.
    public init() {
        self.init(topics: [])
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("topics", &topics)
        try coder.field("timeoutMs", &timeoutMs)
    }
}

extension DeleteRecordsRequest {
    /// Partitions of one topic.
    public typealias Topic = TopicEntry<Partition>

    /// What to delete of one partition.
    public struct Partition: FieldStructure {
        /// The partition's number.
        public var partitionIndex: Int32
        /// The first offset to keep, or -1 to keep nothing.
        public var offset: Int64

        /// A partition with Kafka's defaults for what is not given.
        public init(partitionIndex: Int32 = 0, offset: Int64 = 0) {
            self.partitionIndex = partitionIndex
            self.offset = offset
        }

        /// Nothing but defaults.
        public init() {
            self.init(partitionIndex: 0)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("partitionIndex", &partitionIndex)
            try coder.field("offset", &offset)
        }
    }
}

/// Tells where partitions begin now.
public struct DeleteRecordsResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = DeleteRecordsRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 1

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

extension DeleteRecordsResponse {
    /// How it went for one topic.
    public typealias TopicResult = TopicEntry<PartitionResult>

    /// How it went for one partition.
    public struct PartitionResult: FieldStructure {
        /// The partition's number.
        public var partitionIndex: Int32
        /// The first offset that is left.
        public var lowWatermark: Int64
        /// Why nothing is deleted.
        public var errorCode: ErrorCode

        /// A result with Kafka's defaults for what is not given.
        public init(partitionIndex: Int32 = 0, lowWatermark: Int64 = 0, errorCode: ErrorCode = .none) {
            self.partitionIndex = partitionIndex
            self.lowWatermark = lowWatermark
            self.errorCode = errorCode
        }

        /// Nothing but defaults.
        public init() {
            self.init(partitionIndex: 0)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("partitionIndex", &partitionIndex)
            try coder.field("lowWatermark", &lowWatermark)
            try coder.field("errorCode", &errorCode)
        }
    }
}
