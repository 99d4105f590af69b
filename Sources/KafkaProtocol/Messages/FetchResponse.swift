// SPDX-License-Identifier: Apache-2.0
public import NIOCore

// The version notes are with `FetchRequest`.

/// Brings the records asked for.
public struct FetchResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = FetchRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 8

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// An error of the request as a whole, such as of its session.
    public var errorCode: ErrorCode
    /// The fetch session, or 0.
    public var sessionID: Int32
    /// The topics read.
    public var responses: [TopicResponse]
    /// The addresses of the leaders that the partitions name.
    public var nodeEndpoints: [NodeEndpoint]

    /// A response with Kafka's defaults for what is not given.
    public init(
        throttleTimeMs: Int32 = 0,
        errorCode: ErrorCode = .none,
        sessionID: Int32 = 0,
        responses: [TopicResponse] = [],
        nodeEndpoints: [NodeEndpoint] = []
    ) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
        self.sessionID = sessionID
        self.responses = responses
        self.nodeEndpoints = nodeEndpoints
    }

    /// Nothing but defaults.
    public init() {
        self.init(throttleTimeMs: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs, since: 1)
        try coder.field("errorCode", &errorCode, since: 7)
        try coder.field("sessionId", &sessionID, since: 7, default: 0)
        try coder.field("responses", &responses)
        try coder.tagged(0, "nodeEndpoints", &nodeEndpoints, since: 16, default: [])
    }
}

extension FetchResponse {
    /// The records of one topic.
    public struct TopicResponse: FieldStructure {
        /// The topic's name, up to version 12.
        public var topic: String
        /// The topic's id, from version 13 on.
        public var topicID: TopicID
        /// The partitions.
        public var partitions: [PartitionData]

        /// A topic with Kafka's defaults for what is not given.
        public init(topic: String = "", topicID: TopicID = .zero, partitions: [PartitionData] = []) {
            self.topic = topic
            self.topicID = topicID
            self.partitions = partitions
        }

        /// Nothing but defaults.
        public init() {
            self.init(topic: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("topic", &topic, until: 12)
            try coder.field("topicId", &topicID, since: 13)
            try coder.field("partitions", &partitions)
        }
    }

    /// The records of one partition, or why there are none.
    public struct PartitionData: FieldStructure {
        /// The partition's number.
        public var partitionIndex: Int32
        /// An error of this partition.
        public var errorCode: ErrorCode
        /// The offset up to which records are on all replicas in sync.
        public var highWatermark: Int64
        /// The offset up to which no transaction is open, or -1.
        public var lastStableOffset: Int64
        /// The offset of the oldest record, or -1.
        public var logStartOffset: Int64
        /// Where a follower's log begins to differ from the leader's.
        public var divergingEpoch: EpochEndOffset
        /// The leader, with errors of leadership.
        public var currentLeader: LeaderAndEpoch
        /// The snapshot to fetch instead, in Kafka's metadata log.
        public var snapshotID: SnapshotID
        /// The aborted transactions whose records are among these, for isolation level 1; else null.
        public var abortedTransactions: [AbortedTransaction]?
        /// The broker to read from instead, or -1.
        public var preferredReadReplica: Int32
        /// Record batches, of which the last may be cut short, or null.
        public var records: ByteBuffer?

        /// A partition with Kafka's defaults for what is not given.
        public init(
            partitionIndex: Int32 = 0,
            errorCode: ErrorCode = .none,
            highWatermark: Int64 = 0,
            lastStableOffset: Int64 = -1,
            logStartOffset: Int64 = -1,
            divergingEpoch: EpochEndOffset = EpochEndOffset(),
            currentLeader: LeaderAndEpoch = LeaderAndEpoch(),
            snapshotID: SnapshotID = SnapshotID(),
            abortedTransactions: [AbortedTransaction]? = [],
            preferredReadReplica: Int32 = -1,
            records: ByteBuffer? = nil
        ) {
            self.partitionIndex = partitionIndex
            self.errorCode = errorCode
            self.highWatermark = highWatermark
            self.lastStableOffset = lastStableOffset
            self.logStartOffset = logStartOffset
            self.divergingEpoch = divergingEpoch
            self.currentLeader = currentLeader
            self.snapshotID = snapshotID
            self.abortedTransactions = abortedTransactions
            self.preferredReadReplica = preferredReadReplica
            self.records = records
        }

        /// Nothing but defaults.
        public init() {
            self.init(partitionIndex: 0)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("partitionIndex", &partitionIndex)
            try coder.field("errorCode", &errorCode)
            try coder.field("highWatermark", &highWatermark)
            try coder.field("lastStableOffset", &lastStableOffset, since: 4)
            try coder.field("logStartOffset", &logStartOffset, since: 5)
            try coder.field("abortedTransactions", &abortedTransactions, since: 4)
            try coder.field("preferredReadReplica", &preferredReadReplica, since: 11, default: -1)
            try coder.field("records", &records)
            try coder.tagged(0, "divergingEpoch", &divergingEpoch, since: 12, default: EpochEndOffset())
            try coder.tagged(1, "currentLeader", &currentLeader, since: 12, default: LeaderAndEpoch())
            try coder.tagged(2, "snapshotId", &snapshotID, since: 12, default: SnapshotID())
        }
    }

    /// A leader epoch and where it ended.
    public struct EpochEndOffset: FieldStructure {
        /// The leader epoch, or -1.
        public var epoch: Int32
        /// The offset after its last record, or -1.
        public var endOffset: Int64

        /// An offset with Kafka's defaults for what is not given.
        public init(epoch: Int32 = -1, endOffset: Int64 = -1) {
            self.epoch = epoch
            self.endOffset = endOffset
        }

        /// Nothing but defaults.
        public init() {
            self.init(epoch: -1)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("epoch", &epoch)
            try coder.field("endOffset", &endOffset)
        }
    }

    /// A snapshot of Kafka's metadata log.
    public struct SnapshotID: FieldStructure {
        /// The offset after its last record, or -1.
        public var endOffset: Int64
        /// The leader epoch, or -1.
        public var epoch: Int32

        /// A snapshot with Kafka's defaults for what is not given.
        public init(endOffset: Int64 = -1, epoch: Int32 = -1) {
            self.endOffset = endOffset
            self.epoch = epoch
        }

        /// Nothing but defaults.
        public init() {
            self.init(endOffset: -1)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("endOffset", &endOffset)
            try coder.field("epoch", &epoch)
        }
    }

    /// A transaction that was aborted.
    public struct AbortedTransaction: FieldStructure {
        /// The producer.
        public var producerID: Int64
        /// The transaction's first offset.
        public var firstOffset: Int64

        /// A transaction with Kafka's defaults for what is not given.
        public init(producerID: Int64 = 0, firstOffset: Int64 = 0) {
            self.producerID = producerID
            self.firstOffset = firstOffset
        }

        /// Nothing but defaults.
        public init() {
            self.init(producerID: 0)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("producerId", &producerID)
            try coder.field("firstOffset", &firstOffset)
        }
    }
}
