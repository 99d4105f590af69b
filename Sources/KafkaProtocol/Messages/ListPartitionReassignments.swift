// SPDX-License-Identifier: Apache-2.0

// ListPartitionReassignments: tells which partitions move to other brokers (KIP-455). There is one version, and it is flexible.

/// Asks which partitions move to other brokers.
public struct ListPartitionReassignmentsRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = ListPartitionReassignmentsResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.listPartitionReassignments
    /// The versions that are served here, of those of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...0

    /// Milliseconds that the broker may take.
    public var timeoutMs: Int32
    /// The topics, or null for all.
    public var topics: [Topic]?

    /// A request with Kafka's defaults for what is not given.
    public init(timeoutMs: Int32 = 60000, topics: [Topic]? = nil) {
        self.timeoutMs = timeoutMs
        self.topics = topics
    }

    /// Nothing but defaults.
    public init() {
        self.init(timeoutMs: 60000)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("timeoutMs", &timeoutMs)
        try coder.field("topics", &topics)
    }
}

extension ListPartitionReassignmentsRequest {
    /// Partitions of one topic.
    public typealias Topic = TopicPartitionIndexes
}

/// Tells which partitions move to other brokers.
public struct ListPartitionReassignmentsResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = ListPartitionReassignmentsRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 0

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// Why it is not told.
    public var errorCode: ErrorCode
    /// Why, in words, or null.
    public var errorMessage: String?
    /// The topics of which partitions move.
    public var topics: [TopicResult]

    /// A response with Kafka's defaults for what is not given.
    public init(
        throttleTimeMs: Int32 = 0,
        errorCode: ErrorCode = .none,
        errorMessage: String? = nil,
        topics: [TopicResult] = []
    ) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
        self.errorMessage = errorMessage
        self.topics = topics
    }

    /// Nothing but defaults.
    public init() {
        self.init(throttleTimeMs: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs)
        try coder.field("errorCode", &errorCode)
        try coder.field("errorMessage", &errorMessage)
        try coder.field("topics", &topics)
    }
}

extension ListPartitionReassignmentsResponse {
    /// The partitions of one topic that move.
    public typealias TopicResult = TopicEntry<Partition>

    /// A partition that moves.
    public struct Partition: FieldStructure {
        /// Its number.
        public var partitionIndex: Int32
        /// All brokers that have a copy.
        public var replicas: [Int32]
        /// Those that are to have one.
        public var addingReplicas: [Int32]
        /// Those that are to have none any more.
        public var removingReplicas: [Int32]

        /// Values with Kafka's defaults for what is not given.
        public init(
            partitionIndex: Int32 = 0,
            replicas: [Int32] = [],
            addingReplicas: [Int32] = [],
            removingReplicas: [Int32] = []
        ) {
            self.partitionIndex = partitionIndex
            self.replicas = replicas
            self.addingReplicas = addingReplicas
            self.removingReplicas = removingReplicas
        }

        /// Nothing but defaults.
        public init() {
            self.init(partitionIndex: 0)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("partitionIndex", &partitionIndex)
            try coder.field("replicas", &replicas)
            try coder.field("addingReplicas", &addingReplicas)
            try coder.field("removingReplicas", &removingReplicas)
        }
    }
}
