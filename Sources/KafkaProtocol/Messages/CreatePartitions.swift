// SPDX-License-Identifier: Apache-2.0

// CreatePartitions: gives topics more partitions (KIP-195).
//
//  1  the broker answers before it throttles (KIP-219)
//  2  flexible
//  3  THROTTLING_QUOTA_EXCEEDED may be answered (KIP-599)

/// Gives topics more partitions.
public struct CreatePartitionsRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = CreatePartitionsResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.createPartitions
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...3

    /// The topics.
    public var topics: [Topic]
    /// Milliseconds that the broker may take.
    public var timeoutMs: Int32
    /// Whether to check the request only.
    public var validateOnly: Bool

    /// A request with Kafka's defaults for what is not given.
    public init(topics: [Topic] = [], timeoutMs: Int32 = 0, validateOnly: Bool = false) {
        self.topics = topics
        self.timeoutMs = timeoutMs
        self.validateOnly = validateOnly
    }

    /// Nothing but defaults.
    public init() {
        self.init(topics: [])
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("topics", &topics)
        try coder.field("timeoutMs", &timeoutMs)
        try coder.field("validateOnly", &validateOnly)
    }
}

extension CreatePartitionsRequest {
    /// A topic that gets more partitions.
    public struct Topic: FieldStructure {
        /// The topic's name.
        public var name: String
        /// The number of partitions that it is to have.
        public var count: Int32
        /// The brokers of each new partition, or null.
        public var assignments: [Assignment]?

        /// A topic with Kafka's defaults for what is not given.
        public init(name: String = "", count: Int32 = 0, assignments: [Assignment]? = []) {
            self.name = name
            self.count = count
            self.assignments = assignments
        }

        /// Nothing but defaults.
        public init() {
            self.init(name: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("name", &name)
            try coder.field("count", &count)
            try coder.field("assignments", &assignments)
        }
    }

    /// The brokers of a new partition.
    public struct Assignment: FieldStructure {
        /// Their ids; the first one leads.
        public var brokerIDs: [Int32]

        /// An assignment with Kafka's defaults for what is not given.
        public init(brokerIDs: [Int32] = []) {
            self.brokerIDs = brokerIDs
        }

        /// Nothing but defaults.
        public init() {
            self.init(brokerIDs: [])
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("brokerIds", &brokerIDs)
        }
    }
}

/// Tells which topics have more partitions.
public struct CreatePartitionsResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = CreatePartitionsRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 1

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// How it went for each topic.
    public var results: [Result]

    /// A response with Kafka's defaults for what is not given.
    public init(throttleTimeMs: Int32 = 0, results: [Result] = []) {
        self.throttleTimeMs = throttleTimeMs
        self.results = results
    }

    /// Nothing but defaults.
    public init() {
        self.init(throttleTimeMs: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs)
        try coder.field("results", &results)
    }
}

extension CreatePartitionsResponse {
    /// How it went for one topic.
    public struct Result: FieldStructure {
        /// The topic's name.
        public var name: String
        /// Why it has no more partitions.
        public var errorCode: ErrorCode
        /// The broker's words on the error, or null.
        public var errorMessage: String?

        /// A result with Kafka's defaults for what is not given.
        public init(name: String = "", errorCode: ErrorCode = .none, errorMessage: String? = nil) {
            self.name = name
            self.errorCode = errorCode
            self.errorMessage = errorMessage
        }

        /// Nothing but defaults.
        public init() {
            self.init(name: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("name", &name)
            try coder.field("errorCode", &errorCode)
            try coder.field("errorMessage", &errorMessage)
        }
    }
}
