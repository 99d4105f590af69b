// SPDX-License-Identifier: Apache-2.0

// CreateTopics: creates topics. Versions 0 and 1 are not served by Kafka 4.
//
//  2  throttleTimeMs
//  3  the broker answers before it throttles (KIP-219)
//  4  -1 partitions or replicas mean the broker's default (KIP-464)
//  5  flexible; the response has the topic's settings (KIP-525)
//  6  THROTTLING_QUOTA_EXCEEDED may be answered (KIP-599)
//  7  topicID (KIP-516)

/// Asks the controller for new topics.
public struct CreateTopicsRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = CreateTopicsResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.createTopics
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 2...7

    /// The topics to create.
    public var topics: [Topic]
    /// Milliseconds to wait until the topics are there.
    public var timeoutMs: Int32
    /// Whether to check only, and create nothing.
    public var validateOnly: Bool

    /// A request with Kafka's defaults for what is not given.
    public init(topics: [Topic] = [], timeoutMs: Int32 = 60000, validateOnly: Bool = false) {
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
        try coder.field("validateOnly", &validateOnly, since: 1)
    }
}

extension CreateTopicsRequest {
    /// A topic to create.
    public struct Topic: FieldStructure {
        /// The topic's name.
        public var name: String
        /// How many partitions; -1 for the broker's default or with `assignments`.
        public var numPartitions: Int32
        /// How many replicas; -1 for the broker's default or with `assignments`.
        public var replicationFactor: Int16
        /// Where each partition goes; empty to let the controller choose.
        public var assignments: [Assignment]
        /// The topic's settings.
        public var configs: [Config]

        /// A topic with Kafka's defaults for what is not given.
        public init(
            name: String = "",
            numPartitions: Int32 = 0,
            replicationFactor: Int16 = 0,
            assignments: [Assignment] = [],
            configs: [Config] = []
        ) {
            self.name = name
            self.numPartitions = numPartitions
            self.replicationFactor = replicationFactor
            self.assignments = assignments
            self.configs = configs
        }

        /// Nothing but defaults.
        public init() {
            self.init(name: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("name", &name)
            try coder.field("numPartitions", &numPartitions)
            try coder.field("replicationFactor", &replicationFactor)
            try coder.field("assignments", &assignments)
            try coder.field("configs", &configs)
        }
    }

    /// The brokers of one partition.
    public struct Assignment: FieldStructure {
        /// The partition's number.
        public var partitionIndex: Int32
        /// The brokers; the first is the preferred leader.
        public var brokerIDs: [Int32]

        /// An assignment with Kafka's defaults for what is not given.
        public init(partitionIndex: Int32 = 0, brokerIDs: [Int32] = []) {
            self.partitionIndex = partitionIndex
            self.brokerIDs = brokerIDs
        }

        /// Nothing but defaults.
        public init() {
            self.init(partitionIndex: 0)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("partitionIndex", &partitionIndex)
            try coder.field("brokerIds", &brokerIDs)
        }
    }

    /// A setting of a topic to create.
    public struct Config: FieldStructure {
        /// The setting's name.
        public var name: String
        /// Its value, or null.
        public var value: String?

        /// A setting with Kafka's defaults for what is not given.
        public init(name: String = "", value: String? = "") {
            self.name = name
            self.value = value
        }

        /// Nothing but defaults.
        public init() {
            self.init(name: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("name", &name)
            try coder.field("value", &value)
        }
    }
}

/// Tells which topics were created.
public struct CreateTopicsResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = CreateTopicsRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 3

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// The topics asked for.
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

extension CreateTopicsResponse {
    /// What became of one topic.
    public struct Topic: FieldStructure {
        /// The topic's name.
        public var name: String
        /// The new topic's id, or zero.
        public var topicID: TopicID
        /// How the creation went.
        public var errorCode: ErrorCode
        /// The broker's words on the error, or null.
        public var errorMessage: String?
        /// Why `configs` is null.
        public var topicConfigErrorCode: ErrorCode
        /// How many partitions the topic has.
        public var numPartitions: Int32
        /// How many replicas each partition has.
        public var replicationFactor: Int16
        /// The topic's settings, or null if the client may not see them.
        public var configs: [Config]?

        /// A topic with Kafka's defaults for what is not given.
        public init(
            name: String = "",
            topicID: TopicID = .zero,
            errorCode: ErrorCode = .none,
            errorMessage: String? = "",
            topicConfigErrorCode: ErrorCode = .none,
            numPartitions: Int32 = -1,
            replicationFactor: Int16 = -1,
            configs: [Config]? = []
        ) {
            self.name = name
            self.topicID = topicID
            self.errorCode = errorCode
            self.errorMessage = errorMessage
            self.topicConfigErrorCode = topicConfigErrorCode
            self.numPartitions = numPartitions
            self.replicationFactor = replicationFactor
            self.configs = configs
        }

        /// Nothing but defaults.
        public init() {
            self.init(name: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("name", &name)
            try coder.field("topicId", &topicID, since: 7)
            try coder.field("errorCode", &errorCode)
            try coder.field("errorMessage", &errorMessage, since: 1)
            try coder.field("numPartitions", &numPartitions, since: 5)
            try coder.field("replicationFactor", &replicationFactor, since: 5)
            try coder.field("configs", &configs, since: 5)
            try coder.tagged(
                0,
                "topicConfigErrorCode",
                &topicConfigErrorCode,
                since: 5,
                default: .none,
                isIgnorable: true
            )
        }
    }

    /// A setting of a new topic.
    public struct Config: FieldStructure {
        /// The setting's name.
        public var name: String
        /// Its value, or null.
        public var value: String?
        /// Whether it cannot be changed.
        public var readOnly: Bool
        /// Where the value comes from: 1 topic, 2 to 4 broker, 5 default.
        public var configSource: Int8
        /// Whether the value is kept secret.
        public var isSensitive: Bool

        /// A setting with Kafka's defaults for what is not given.
        public init(
            name: String = "",
            value: String? = "",
            readOnly: Bool = false,
            configSource: Int8 = -1,
            isSensitive: Bool = false
        ) {
            self.name = name
            self.value = value
            self.readOnly = readOnly
            self.configSource = configSource
            self.isSensitive = isSensitive
        }

        /// Nothing but defaults.
        public init() {
            self.init(name: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("name", &name)
            try coder.field("value", &value)
            try coder.field("readOnly", &readOnly)
            try coder.field("configSource", &configSource)
            try coder.field("isSensitive", &isSensitive)
        }
    }
}
