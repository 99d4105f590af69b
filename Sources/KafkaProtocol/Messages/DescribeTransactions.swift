// SPDX-License-Identifier: Apache-2.0

// DescribeTransactions: tells how transactions stand (KIP-664).
//
//  0  flexible

/// Asks how transactions stand.
public struct DescribeTransactionsRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = DescribeTransactionsResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.describeTransactions
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...0

    /// The transactional ids.
    public var transactionalIDs: [String]

    /// A request with Kafka's defaults for what is not given.
    public init(transactionalIDs: [String] = []) {
        self.transactionalIDs = transactionalIDs
    }

    /// Nothing but defaults.
    public init() {
        self.init(transactionalIDs: [])
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("transactionalIds", &transactionalIDs)
    }
}

/// Tells how transactions stand.
public struct DescribeTransactionsResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = DescribeTransactionsRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 0

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// An answer for each transactional id.
    public var transactionStates: [TransactionState]

    /// A response with Kafka's defaults for what is not given.
    public init(throttleTimeMs: Int32 = 0, transactionStates: [TransactionState] = []) {
        self.throttleTimeMs = throttleTimeMs
        self.transactionStates = transactionStates
    }

    /// Nothing but defaults.
    public init() {
        self.init(throttleTimeMs: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs)
        try coder.field("transactionStates", &transactionStates)
    }
}

extension DescribeTransactionsResponse {
    /// How one transaction stands.
    public struct TransactionState: FieldStructure {
        /// Why nothing is told of it.
        public var errorCode: ErrorCode
        /// The transactional id.
        public var transactionalID: String
        /// The state, such as `Ongoing`.
        public var transactionState: String
        /// Milliseconds after which it is aborted.
        public var transactionTimeoutMs: Int32
        /// When it began, in milliseconds since 1970, or -1.
        public var transactionStartTimeMs: Int64
        /// The producer's id.
        public var producerID: Int64
        /// The producer's epoch.
        public var producerEpoch: Int16
        /// The partitions in it.
        public var topics: [Topic]

        /// A state with Kafka's defaults for what is not given.
        public init(
            errorCode: ErrorCode = .none,
            transactionalID: String = "",
            transactionState: String = "",
            transactionTimeoutMs: Int32 = 0,
            transactionStartTimeMs: Int64 = 0,
            producerID: Int64 = 0,
            producerEpoch: Int16 = 0,
            topics: [Topic] = []
        ) {
            self.errorCode = errorCode
            self.transactionalID = transactionalID
            self.transactionState = transactionState
            self.transactionTimeoutMs = transactionTimeoutMs
            self.transactionStartTimeMs = transactionStartTimeMs
            self.producerID = producerID
            self.producerEpoch = producerEpoch
            self.topics = topics
        }

        /// Nothing but defaults.
        public init() {
            self.init(errorCode: .none)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("errorCode", &errorCode)
            try coder.field("transactionalId", &transactionalID)
            try coder.field("transactionState", &transactionState)
            try coder.field("transactionTimeoutMs", &transactionTimeoutMs)
            try coder.field("transactionStartTimeMs", &transactionStartTimeMs)
            try coder.field("producerId", &producerID)
            try coder.field("producerEpoch", &producerEpoch)
            try coder.field("topics", &topics)
        }
    }

    /// Partitions of one topic.
    public typealias Topic = PartitionsOfTopic
}
