// SPDX-License-Identifier: Apache-2.0

// Fetch: reads record batches. Versions 0 to 3 are for older batch formats.
//
//  4  isolationLevel; record batches of format 2
//  5  logStartOffset, from followers
//  7  fetch sessions: only what changed is said (KIP-227)
//  9  currentLeaderEpoch, for fencing (KIP-320)
// 10  batches may be compressed with zstd (KIP-110)
// 11  rackID, to read from the closest replica (KIP-392)
// 12  flexible; lastFetchedEpoch (KIP-595)
// 13  topics by id instead of name (KIP-516)
// 14  OFFSET_MOVED_TO_TIERED_STORAGE may be answered (KIP-405)
// 15  replicaState instead of replicaID (KIP-903)
// 16  the response says where the leader is (KIP-951)
// 17  replicaDirectoryID (KIP-853)
// 18  highWatermark, from followers (KIP-1166)

/// Asks for the records of some partitions from given offsets on.
public struct FetchRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = FetchResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.fetch
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 4...18

    /// The cluster meant, or null.
    public var clusterID: String?
    /// The broker id of a follower, -1 for a consumer; up to version 14.
    public var replicaID: Int32
    /// The follower, from version 15 on.
    public var replicaState: ReplicaState
    /// Milliseconds to wait for `minBytes`.
    public var maxWaitMs: Int32
    /// Bytes below which the broker waits.
    public var minBytes: Int32
    /// Bytes of records wanted at most; one batch is answered in any case.
    public var maxBytes: Int32
    /// 0 for all records, 1 without those of open and aborted transactions.
    public var isolationLevel: Int8
    /// The fetch session, or 0.
    public var sessionID: Int32
    /// The session's epoch; 0 opens a session, -1 is for none.
    public var sessionEpoch: Int32
    /// The partitions to read.
    public var topics: [Topic]
    /// The partitions to take out of the session.
    public var forgottenTopicsData: [ForgottenTopic]
    /// The consumer's rack, or empty.
    public var rackID: String

    /// A request with Kafka's defaults for what is not given.
    public init(
        clusterID: String? = nil,
        replicaID: Int32 = -1,
        replicaState: ReplicaState = ReplicaState(),
        maxWaitMs: Int32 = 0,
        minBytes: Int32 = 0,
        maxBytes: Int32 = .max,
        isolationLevel: Int8 = 0,
        sessionID: Int32 = 0,
        sessionEpoch: Int32 = -1,
        topics: [Topic] = [],
        forgottenTopicsData: [ForgottenTopic] = [],
        rackID: String = ""
    ) {
        self.clusterID = clusterID
        self.replicaID = replicaID
        self.replicaState = replicaState
        self.maxWaitMs = maxWaitMs
        self.minBytes = minBytes
        self.maxBytes = maxBytes
        self.isolationLevel = isolationLevel
        self.sessionID = sessionID
        self.sessionEpoch = sessionEpoch
        self.topics = topics
        self.forgottenTopicsData = forgottenTopicsData
        self.rackID = rackID
    }

    /// Nothing but defaults.
    public init() {
        self.init(clusterID: nil)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("replicaId", &replicaID, until: 14, default: -1)
        try coder.field("maxWaitMs", &maxWaitMs)
        try coder.field("minBytes", &minBytes)
        try coder.field("maxBytes", &maxBytes, since: 3)
        try coder.field("isolationLevel", &isolationLevel, since: 4)
        try coder.field("sessionId", &sessionID, since: 7)
        try coder.field("sessionEpoch", &sessionEpoch, since: 7)
        try coder.field("topics", &topics)
        try coder.field("forgottenTopicsData", &forgottenTopicsData, since: 7, default: [])
        try coder.field("rackId", &rackID, since: 11)
        try coder.tagged(0, "clusterId", &clusterID, since: 12, default: nil, isIgnorable: true)
        try coder.tagged(1, "replicaState", &replicaState, since: 15, default: ReplicaState())
    }
}

extension FetchRequest {
    /// The follower that asks.
    public struct ReplicaState: FieldStructure {
        /// The follower's broker id, or -1 for a consumer.
        public var replicaID: Int32
        /// The follower's broker epoch, or -1.
        public var replicaEpoch: Int64

        /// A replica with Kafka's defaults for what is not given.
        public init(replicaID: Int32 = -1, replicaEpoch: Int64 = -1) {
            self.replicaID = replicaID
            self.replicaEpoch = replicaEpoch
        }

        /// Nothing but defaults.
        public init() {
            self.init(replicaID: -1)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("replicaId", &replicaID)
            try coder.field("replicaEpoch", &replicaEpoch)
        }
    }

    /// The partitions of one topic to read.
    public struct Topic: FieldStructure {
        /// The topic's name, up to version 12.
        public var topic: String
        /// The topic's id, from version 13 on.
        public var topicID: TopicID
        /// The partitions.
        public var partitions: [Partition]

        /// A topic with Kafka's defaults for what is not given.
        public init(topic: String = "", topicID: TopicID = .zero, partitions: [Partition] = []) {
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

    /// A partition to read.
    public struct Partition: FieldStructure {
        /// The partition's number.
        public var partition: Int32
        /// The leader epoch that the client knows, or -1.
        public var currentLeaderEpoch: Int32
        /// The offset to read from.
        public var fetchOffset: Int64
        /// The leader epoch of the last record read, or -1.
        public var lastFetchedEpoch: Int32
        /// The follower's oldest offset, or -1.
        public var logStartOffset: Int64
        /// Bytes wanted of this partition at most.
        public var partitionMaxBytes: Int32
        /// The follower's log directory, or zero.
        public var replicaDirectoryID: TopicID
        /// The high watermark that the follower knows, or the highest number.
        public var highWatermark: Int64

        /// A partition with Kafka's defaults for what is not given.
        public init(
            partition: Int32 = 0,
            currentLeaderEpoch: Int32 = -1,
            fetchOffset: Int64 = 0,
            lastFetchedEpoch: Int32 = -1,
            logStartOffset: Int64 = -1,
            partitionMaxBytes: Int32 = 0,
            replicaDirectoryID: TopicID = .zero,
            highWatermark: Int64 = .max
        ) {
            self.partition = partition
            self.currentLeaderEpoch = currentLeaderEpoch
            self.fetchOffset = fetchOffset
            self.lastFetchedEpoch = lastFetchedEpoch
            self.logStartOffset = logStartOffset
            self.partitionMaxBytes = partitionMaxBytes
            self.replicaDirectoryID = replicaDirectoryID
            self.highWatermark = highWatermark
        }

        /// Nothing but defaults.
        public init() {
            self.init(partition: 0)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("partition", &partition)
            try coder.field("currentLeaderEpoch", &currentLeaderEpoch, since: 9)
            try coder.field("fetchOffset", &fetchOffset)
            try coder.field("lastFetchedEpoch", &lastFetchedEpoch, since: 12, default: -1)
            try coder.field("logStartOffset", &logStartOffset, since: 5)
            try coder.field("partitionMaxBytes", &partitionMaxBytes)
            try coder.tagged(0, "replicaDirectoryId", &replicaDirectoryID, since: 17, default: .zero, isIgnorable: true)
            try coder.tagged(1, "highWatermark", &highWatermark, since: 18, default: .max, isIgnorable: true)
        }
    }

    /// Partitions of one topic to take out of the session.
    public struct ForgottenTopic: FieldStructure {
        /// The topic's name, up to version 12.
        public var topic: String
        /// The topic's id, from version 13 on.
        public var topicID: TopicID
        /// The partitions.
        public var partitions: [Int32]

        /// A topic with Kafka's defaults for what is not given.
        public init(topic: String = "", topicID: TopicID = .zero, partitions: [Int32] = []) {
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
}
