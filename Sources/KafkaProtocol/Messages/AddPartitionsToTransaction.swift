// SPDX-License-Identifier: Apache-2.0

// AddPartitionsToTxn: adds partitions to a transaction before they are written to (KIP-98).
//
//  1  the broker answers before it throttles (KIP-219)
//  2  PRODUCER_FENCED may be answered (KIP-588)
//  3  flexible; the last version for clients
//  4  several transactions in one request, and asking without adding; for brokers alone (KIP-890)
//  5  TRANSACTION_ABORTABLE may be answered (KIP-890)

/// Adds partitions to a transaction.
public struct AddPartitionsToTransactionRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = AddPartitionsToTransactionResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.addPartitionsToTransaction
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...5

    /// The transactions, from version 4 on.
    public var transactions: [Transaction]
    /// The transactional id, up to version 3.
    public var transactionalID: String
    /// The producer's id, up to version 3.
    public var producerID: Int64
    /// The producer's epoch, up to version 3.
    public var producerEpoch: Int16
    /// The partitions to add, up to version 3.
    public var topics: [Topic]

    /// A request with Kafka's defaults for what is not given.
    public init(
        transactions: [Transaction] = [],
        transactionalID: String = "",
        producerID: Int64 = 0,
        producerEpoch: Int16 = 0,
        topics: [Topic] = []
    ) {
        self.transactions = transactions
        self.transactionalID = transactionalID
        self.producerID = producerID
        self.producerEpoch = producerEpoch
        self.topics = topics
    }

    /// Nothing but defaults.
    public init() {
        self.init(transactions: [])
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("transactions", &transactions, since: 4, default: [])
        try coder.field("v3AndBelowTransactionalId", &transactionalID, until: 3, default: "")
        try coder.field("v3AndBelowProducerId", &producerID, until: 3, default: 0)
        try coder.field("v3AndBelowProducerEpoch", &producerEpoch, until: 3, default: 0)
        try coder.field("v3AndBelowTopics", &topics, until: 3, default: [])
    }
}

extension AddPartitionsToTransactionRequest {
    /// Partitions for one transaction.
    public struct Transaction: FieldStructure {
        /// The transactional id.
        public var transactionalID: String
        /// The producer's id.
        public var producerID: Int64
        /// The producer's epoch.
        public var producerEpoch: Int16
        /// Whether the partitions are only asked about.
        public var verifyOnly: Bool
        /// The partitions to add.
        public var topics: [Topic]

        /// A transaction with Kafka's defaults for what is not given.
        public init(
            transactionalID: String = "",
            producerID: Int64 = 0,
            producerEpoch: Int16 = 0,
            verifyOnly: Bool = false,
            topics: [Topic] = []
        ) {
            self.transactionalID = transactionalID
            self.producerID = producerID
            self.producerEpoch = producerEpoch
            self.verifyOnly = verifyOnly
            self.topics = topics
        }

        /// Nothing but defaults.
        public init() {
            self.init(transactionalID: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("transactionalId", &transactionalID)
            try coder.field("producerId", &producerID)
            try coder.field("producerEpoch", &producerEpoch)
            try coder.field("verifyOnly", &verifyOnly)
            try coder.field("topics", &topics)
        }
    }

    /// Partitions of one topic.
    public typealias Topic = TopicEntry<Int32>
}

/// Tells which partitions were added.
public struct AddPartitionsToTransactionResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = AddPartitionsToTransactionRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 1

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// How the request as a whole went, from version 4 on.
    public var errorCode: ErrorCode
    /// The results of each transaction, from version 4 on.
    public var resultsByTransaction: [TransactionResult]
    /// The results of each topic, up to version 3.
    public var topics: [TopicResult]

    /// A response with Kafka's defaults for what is not given.
    public init(
        throttleTimeMs: Int32 = 0,
        errorCode: ErrorCode = .none,
        resultsByTransaction: [TransactionResult] = [],
        topics: [TopicResult] = []
    ) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
        self.resultsByTransaction = resultsByTransaction
        self.topics = topics
    }

    /// Nothing but defaults.
    public init() {
        self.init(throttleTimeMs: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs)
        try coder.field("errorCode", &errorCode, since: 4)
        try coder.field("resultsByTransaction", &resultsByTransaction, since: 4, default: [])
        try coder.field("resultsByTopicV3AndBelow", &topics, until: 3, default: [])
    }
}

extension AddPartitionsToTransactionResponse {
    /// How it went for one transaction.
    public struct TransactionResult: FieldStructure {
        /// The transactional id.
        public var transactionalID: String
        /// The results of each topic.
        public var topics: [TopicResult]

        /// A result with Kafka's defaults for what is not given.
        public init(transactionalID: String = "", topics: [TopicResult] = []) {
            self.transactionalID = transactionalID
            self.topics = topics
        }

        /// Nothing but defaults.
        public init() {
            self.init(transactionalID: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("transactionalId", &transactionalID)
            try coder.field("topicResults", &topics)
        }
    }

    /// How it went for one topic.
    public struct TopicResult: FieldStructure {
        /// The topic's name.
        public var name: String
        /// The results of each partition.
        public var partitions: [PartitionResult]

        /// A result with Kafka's defaults for what is not given.
        public init(name: String = "", partitions: [PartitionResult] = []) {
            self.name = name
            self.partitions = partitions
        }

        /// Nothing but defaults.
        public init() {
            self.init(name: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("name", &name)
            try coder.field("resultsByPartition", &partitions)
        }
    }

    /// How it went for one partition.
    public struct PartitionResult: FieldStructure {
        /// The partition's number.
        public var partitionIndex: Int32
        /// Why the partition was not added.
        public var errorCode: ErrorCode

        /// A result with Kafka's defaults for what is not given.
        public init(partitionIndex: Int32 = 0, errorCode: ErrorCode = .none) {
            self.partitionIndex = partitionIndex
            self.errorCode = errorCode
        }

        /// Nothing but defaults.
        public init() {
            self.init(partitionIndex: 0)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("partitionIndex", &partitionIndex)
            try coder.field("partitionErrorCode", &errorCode)
        }
    }
}
