// SPDX-License-Identifier: Apache-2.0
public import NIOCore

// Produce: writes record batches. Versions 0 to 2 carry older batch formats; brokers from Kafka 4.0 advertise but do not
// serve them (KAFKA-18659).
//
//  3  transactionalID; record batches of format 2
//  4  KAFKA_STORAGE_ERROR may be answered
//  5  logStartOffset
//  7  batches may be compressed with zstd (KIP-110)
//  8  errors of single records (KIP-467)
//  9  flexible
// 10  hints where the leader is (KIP-951)
// 11  TRANSACTION_ABORTABLE may be answered (KIP-890)
// 12  partitions are added to the transaction implicitly (KIP-890)
// 13  topics by id instead of name (KIP-516)

/// Asks the leader of some partitions to append a record batch to each.
public struct ProduceRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = ProduceResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.produce
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 3...13

    /// The transactional id, or null outside of transactions.
    public var transactionalID: String?
    /// When to answer: 0 never, 1 once the leader has written, -1 once all replicas in sync have.
    public var acks: Int16
    /// Milliseconds that the broker may wait for the replicas.
    public var timeoutMs: Int32
    /// The topics to write to.
    public var topicData: [TopicData]

    /// A request with Kafka's defaults for what is not given.
    public init(transactionalID: String? = nil, acks: Int16 = 0, timeoutMs: Int32 = 0, topicData: [TopicData] = []) {
        self.transactionalID = transactionalID
        self.acks = acks
        self.timeoutMs = timeoutMs
        self.topicData = topicData
    }

    /// Nothing but defaults.
    public init() {
        self.init(transactionalID: nil)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("transactionalId", &transactionalID)
        try coder.field("acks", &acks)
        try coder.field("timeoutMs", &timeoutMs)
        try coder.field("topicData", &topicData)
    }
}

extension ProduceRequest {
    /// The batches for one topic.
    public struct TopicData: FieldStructure {
        /// The topic's name, up to version 12.
        public var name: String
        /// The topic's id, from version 13 on.
        public var topicID: TopicID
        /// The partitions to write to.
        public var partitionData: [PartitionData]

        /// A topic with Kafka's defaults for what is not given.
        public init(name: String = "", topicID: TopicID = .zero, partitionData: [PartitionData] = []) {
            self.name = name
            self.topicID = topicID
            self.partitionData = partitionData
        }

        /// Nothing but defaults.
        public init() {
            self.init(name: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("name", &name, until: 12)
            try coder.field("topicId", &topicID, since: 13)
            try coder.field("partitionData", &partitionData)
        }
    }

    /// The batch for one partition.
    public struct PartitionData: FieldStructure {
        /// The partition's number.
        public var index: Int32
        /// One record batch, or null.
        public var records: ByteBuffer?

        /// A partition with Kafka's defaults for what is not given.
        public init(index: Int32 = 0, records: ByteBuffer? = nil) {
            self.index = index
            self.records = records
        }

        /// Nothing but defaults.
        public init() {
            self.init(index: 0)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("index", &index)
            try coder.field("records", &records)
        }
    }
}

/// Tells at which offset each batch was appended, or why it was not.
public struct ProduceResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = ProduceRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 6

    /// The topics written to.
    public var responses: [TopicResponse]
    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// The addresses of the leaders that the partitions name.
    public var nodeEndpoints: [NodeEndpoint]

    /// A response with Kafka's defaults for what is not given.
    public init(responses: [TopicResponse] = [], throttleTimeMs: Int32 = 0, nodeEndpoints: [NodeEndpoint] = []) {
        self.responses = responses
        self.throttleTimeMs = throttleTimeMs
        self.nodeEndpoints = nodeEndpoints
    }

    /// Nothing but defaults.
    public init() {
        self.init(responses: [])
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("responses", &responses)
        try coder.field("throttleTimeMs", &throttleTimeMs, since: 1)
        try coder.tagged(0, "nodeEndpoints", &nodeEndpoints, since: 10, default: [])
    }
}

extension ProduceResponse {
    /// What became of the batches for one topic.
    public struct TopicResponse: FieldStructure {
        /// The topic's name, up to version 12.
        public var name: String
        /// The topic's id, from version 13 on.
        public var topicID: TopicID
        /// The partitions written to.
        public var partitionResponses: [PartitionResponse]

        /// A topic with Kafka's defaults for what is not given.
        public init(name: String = "", topicID: TopicID = .zero, partitionResponses: [PartitionResponse] = []) {
            self.name = name
            self.topicID = topicID
            self.partitionResponses = partitionResponses
        }

        /// Nothing but defaults.
        public init() {
            self.init(name: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("name", &name, until: 12)
            try coder.field("topicId", &topicID, since: 13)
            try coder.field("partitionResponses", &partitionResponses)
        }
    }

    /// What became of the batch for one partition.
    public struct PartitionResponse: FieldStructure {
        /// The partition's number.
        public var index: Int32
        /// How the append went.
        public var errorCode: ErrorCode
        /// The offset of the batch's first record, or -1.
        public var baseOffset: Int64
        /// When the broker appended the batch, in milliseconds since 1970, if the topic records that; else -1.
        public var logAppendTimeMs: Int64
        /// The offset of the partition's oldest record, or -1 if unknown.
        public var logStartOffset: Int64
        /// The records for which the whole batch was refused.
        public var recordErrors: [RecordError]
        /// The broker's words on the error, or null.
        public var errorMessage: String?
        /// The leader, with `notLeaderOrFollower` and `fencedLeaderEpoch`.
        public var currentLeader: LeaderAndEpoch

        /// A partition with Kafka's defaults for what is not given.
        public init(
            index: Int32 = 0,
            errorCode: ErrorCode = .none,
            baseOffset: Int64 = 0,
            logAppendTimeMs: Int64 = -1,
            logStartOffset: Int64 = -1,
            recordErrors: [RecordError] = [],
            errorMessage: String? = nil,
            currentLeader: LeaderAndEpoch = LeaderAndEpoch()
        ) {
            self.index = index
            self.errorCode = errorCode
            self.baseOffset = baseOffset
            self.logAppendTimeMs = logAppendTimeMs
            self.logStartOffset = logStartOffset
            self.recordErrors = recordErrors
            self.errorMessage = errorMessage
            self.currentLeader = currentLeader
        }

        /// Nothing but defaults.
        public init() {
            self.init(index: 0)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("index", &index)
            try coder.field("errorCode", &errorCode)
            try coder.field("baseOffset", &baseOffset)
            try coder.field("logAppendTimeMs", &logAppendTimeMs, since: 2)
            try coder.field("logStartOffset", &logStartOffset, since: 5)
            try coder.field("recordErrors", &recordErrors, since: 8)
            try coder.field("errorMessage", &errorMessage, since: 8)
            try coder.tagged(0, "currentLeader", &currentLeader, since: 10, default: LeaderAndEpoch())
        }
    }

    /// A record for which a batch was refused.
    public struct RecordError: FieldStructure {
        /// The record's place in the batch, from 0.
        public var batchIndex: Int32
        /// What is wrong with it, or null.
        public var batchIndexErrorMessage: String?

        /// An error with Kafka's defaults for what is not given.
        public init(batchIndex: Int32 = 0, batchIndexErrorMessage: String? = nil) {
            self.batchIndex = batchIndex
            self.batchIndexErrorMessage = batchIndexErrorMessage
        }

        /// Nothing but defaults.
        public init() {
            self.init(batchIndex: 0)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("batchIndex", &batchIndex)
            try coder.field("batchIndexErrorMessage", &batchIndexErrorMessage)
        }
    }
}
