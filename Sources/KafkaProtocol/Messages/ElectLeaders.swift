// SPDX-License-Identifier: Apache-2.0

// ElectLeaders: makes replicas leaders (KIP-183, KIP-460).
//
//  1  electionType, errorCode of the whole
//  2  flexible

/// Makes replicas leaders.
public struct ElectLeadersRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = ElectLeadersResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.electLeaders
    /// The versions that are served here, of those of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...2

    /// 0 for the preferred replica, 1 for any that runs.
    public var electionType: Int8
    /// The partitions, or null for all.
    public var topicPartitions: [Topic]?
    /// Milliseconds that the broker may take.
    public var timeoutMs: Int32

    /// A request with Kafka's defaults for what is not given.
    public init(electionType: Int8 = 0, topicPartitions: [Topic]? = nil, timeoutMs: Int32 = 60000) {
        self.electionType = electionType
        self.topicPartitions = topicPartitions
        self.timeoutMs = timeoutMs
    }

    /// Nothing but defaults.
    public init() {
        self.init(electionType: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("electionType", &electionType, since: 1, default: 0)
        try coder.field("topicPartitions", &topicPartitions)
        try coder.field("timeoutMs", &timeoutMs)
    }
}

extension ElectLeadersRequest {
    /// Partitions of one topic.
    public typealias Topic = PartitionsOfTopic
}

/// Tells which leaders changed.
public struct ElectLeadersResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = ElectLeadersRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 0

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// Why nothing was done.
    public var errorCode: ErrorCode
    /// The topics.
    public var replicaElectionResults: [Topic]

    /// A response with Kafka's defaults for what is not given.
    public init(throttleTimeMs: Int32 = 0, errorCode: ErrorCode = .none, replicaElectionResults: [Topic] = []) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
        self.replicaElectionResults = replicaElectionResults
    }

    /// Nothing but defaults.
    public init() {
        self.init(throttleTimeMs: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs)
        try coder.field("errorCode", &errorCode, since: 1, default: .none)
        try coder.field("replicaElectionResults", &replicaElectionResults)
    }
}

extension ElectLeadersResponse {
    /// Partitions of one topic.
    public struct Topic: FieldStructure {
        /// Its name.
        public var topic: String
        /// Its partitions.
        public var partitionResult: [Partition]

        /// Values with Kafka's defaults for what is not given.
        public init(topic: String = "", partitionResult: [Partition] = []) {
            self.topic = topic
            self.partitionResult = partitionResult
        }

        /// Nothing but defaults.
        public init() {
            self.init(topic: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("topic", &topic)
            try coder.field("partitionResult", &partitionResult)
        }
    }

    /// How it went for one partition.
    public struct Partition: FieldStructure {
        /// Its number.
        public var partitionID: Int32
        /// Why it was not done.
        public var errorCode: ErrorCode
        /// Why, in words, or null.
        public var errorMessage: String?

        /// Values with Kafka's defaults for what is not given.
        public init(partitionID: Int32 = 0, errorCode: ErrorCode = .none, errorMessage: String? = nil) {
            self.partitionID = partitionID
            self.errorCode = errorCode
            self.errorMessage = errorMessage
        }

        /// Nothing but defaults.
        public init() {
            self.init(partitionID: 0)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("partitionId", &partitionID)
            try coder.field("errorCode", &errorCode)
            try coder.field("errorMessage", &errorMessage)
        }
    }
}
