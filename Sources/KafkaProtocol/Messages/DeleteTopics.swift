// SPDX-License-Identifier: Apache-2.0

// DeleteTopics: deletes topics.
//
//  1  throttleTimeMs; the oldest version of Kafka 4
//  2  the broker answers before it throttles (KIP-219)
//  3  TOPIC_DELETION_DISABLED may be answered
//  4  flexible
//  5  errorMessage (KIP-599)
//  6  topics by their ids (KIP-516)

/// Deletes topics.
public struct DeleteTopicsRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = DeleteTopicsResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.deleteTopics
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 1...6

    /// The topics, from version 6 on.
    public var topics: [Topic]
    /// The topics' names, up to version 5.
    public var topicNames: [String]
    /// Milliseconds that the broker may take.
    public var timeoutMs: Int32

    /// A request with Kafka's defaults for what is not given.
    public init(topics: [Topic] = [], topicNames: [String] = [], timeoutMs: Int32 = 0) {
        self.topics = topics
        self.topicNames = topicNames
        self.timeoutMs = timeoutMs
    }

    /// Nothing but defaults.
    public init() {
        self.init(topics: [])
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("topics", &topics, since: 6, default: [])
        try coder.field("topicNames", &topicNames, until: 5)
        try coder.field("timeoutMs", &timeoutMs)
    }
}

extension DeleteTopicsRequest {
    /// A topic to delete.
    public struct Topic: FieldStructure {
        /// Its name, or null when its id is given.
        public var name: String?
        /// Its id, or zero when its name is given.
        public var topicID: TopicID

        /// A topic with Kafka's defaults for what is not given.
        public init(name: String? = nil, topicID: TopicID = TopicID()) {
            self.name = name
            self.topicID = topicID
        }

        /// Nothing but defaults.
        public init() {
            self.init(name: nil)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("name", &name)
            try coder.field("topicId", &topicID)
        }
    }
}

/// Tells which topics are deleted.
public struct DeleteTopicsResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = DeleteTopicsRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 2

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// How it went for each topic.
    public var responses: [Result]

    /// A response with Kafka's defaults for what is not given.
    public init(throttleTimeMs: Int32 = 0, responses: [Result] = []) {
        self.throttleTimeMs = throttleTimeMs
        self.responses = responses
    }

    /// Nothing but defaults.
    public init() {
        self.init(throttleTimeMs: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs, since: 1)
        try coder.field("responses", &responses)
    }
}

extension DeleteTopicsResponse {
    /// How it went for one topic.
    public struct Result: FieldStructure {
        /// The topic's name, or null.
        public var name: String?
        /// The topic's id.
        public var topicID: TopicID
        /// Why it is not deleted.
        public var errorCode: ErrorCode
        /// The broker's words on the error, or null.
        public var errorMessage: String?

        /// A result with Kafka's defaults for what is not given.
        public init(
            name: String? = "",
            topicID: TopicID = TopicID(),
            errorCode: ErrorCode = .none,
            errorMessage: String? = nil
        ) {
            self.name = name
            self.topicID = topicID
            self.errorCode = errorCode
            self.errorMessage = errorMessage
        }

        /// Nothing but defaults.
        public init() {
            self.init(name: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("name", &name, nullableSince: 6)
            try coder.field("topicId", &topicID, since: 6)
            try coder.field("errorCode", &errorCode)
            try coder.field("errorMessage", &errorMessage, since: 5)
        }
    }
}
