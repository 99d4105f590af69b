// SPDX-License-Identifier: Apache-2.0

// DescribeProducers: tells which producers partitions know (KIP-664). There is one version, and it is flexible.

/// Asks which producers partitions know.
public struct DescribeProducersRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = DescribeProducersResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.describeProducers
    /// The versions that are served here, of those of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...0

    /// The topics.
    public var topics: [Topic]

    /// A request with Kafka's defaults for what is not given.
    public init(topics: [Topic] = []) {
        self.topics = topics
    }

    /// Nothing but defaults.
    public init() {
        self.init(topics: [])
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("topics", &topics)
    }
}

extension DescribeProducersRequest {
    /// Partitions of one topic.
    public typealias Topic = TopicPartitionIndexes
}

/// Tells which producers partitions know.
public struct DescribeProducersResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = DescribeProducersRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 0

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// The topics.
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

extension DescribeProducersResponse {
    /// The partitions of one topic.
    public typealias TopicResult = TopicEntry<Partition>

    /// The producers of a partition.
    public struct Partition: FieldStructure {
        /// Its number.
        public var partitionIndex: Int32
        /// Why it was not done.
        public var errorCode: ErrorCode
        /// Why, in words, or null.
        public var errorMessage: String?
        /// The producers.
        public var activeProducers: [Producer]

        /// Values with Kafka's defaults for what is not given.
        public init(
            partitionIndex: Int32 = 0,
            errorCode: ErrorCode = .none,
            errorMessage: String? = nil,
            activeProducers: [Producer] = []
        ) {
            self.partitionIndex = partitionIndex
            self.errorCode = errorCode
            self.errorMessage = errorMessage
            self.activeProducers = activeProducers
        }

        /// Nothing but defaults.
        public init() {
            self.init(partitionIndex: 0)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("partitionIndex", &partitionIndex)
            try coder.field("errorCode", &errorCode)
            try coder.field("errorMessage", &errorMessage)
            try coder.field("activeProducers", &activeProducers)
        }
    }

    /// A producer.
    public struct Producer: FieldStructure {
        /// Its id.
        public var producerID: Int64
        /// Its epoch.
        public var producerEpoch: Int32
        /// Its last sequence number, or -1.
        public var lastSequence: Int32
        /// The timestamp of its last batch, or -1.
        public var lastTimestamp: Int64
        /// The epoch of its last coordinator, or -1.
        public var coordinatorEpoch: Int32
        /// Where its open transaction begins, or -1.
        public var currentTransactionStartOffset: Int64

        /// Values with Kafka's defaults for what is not given.
        public init(
            producerID: Int64 = 0,
            producerEpoch: Int32 = 0,
            lastSequence: Int32 = -1,
            lastTimestamp: Int64 = -1,
            coordinatorEpoch: Int32 = 0,
            currentTransactionStartOffset: Int64 = -1
        ) {
            self.producerID = producerID
            self.producerEpoch = producerEpoch
            self.lastSequence = lastSequence
            self.lastTimestamp = lastTimestamp
            self.coordinatorEpoch = coordinatorEpoch
            self.currentTransactionStartOffset = currentTransactionStartOffset
        }

        /// Nothing but defaults.
        public init() {
            self.init(producerID: 0)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("producerId", &producerID)
            try coder.field("producerEpoch", &producerEpoch)
            try coder.field("lastSequence", &lastSequence)
            try coder.field("lastTimestamp", &lastTimestamp)
            try coder.field("coordinatorEpoch", &coordinatorEpoch)
            try coder.field("currentTxnStartOffset", &currentTransactionStartOffset)
        }
    }
}
