// SPDX-License-Identifier: Apache-2.0

// DescribeLogDirs: tells how large the logs of a broker are (KIP-113).
//
//  1  the oldest version of Kafka 4
//  2  flexible
//  3  errorCode of the whole
//  4  totalBytes and usableBytes (KIP-827)

/// Asks how large the logs of a broker are.
public struct DescribeLogDirsRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = DescribeLogDirsResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.describeLogDirs
    /// The versions that are served here, of those of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 1...4

    /// The topics, or null for all.
    public var topics: [Topic]?

    /// A request with Kafka's defaults for what is not given.
    public init(topics: [Topic]? = nil) {
        self.topics = topics
    }

    /// Nothing but defaults.
    public init() {
        self.init(topics: nil)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("topics", &topics)
    }
}

extension DescribeLogDirsRequest {
    /// Partitions of one topic.
    public typealias Topic = PartitionsOfTopic
}

/// Tells how large the logs of a broker are.
public struct DescribeLogDirsResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = DescribeLogDirsRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 1

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// Why it is not told.
    public var errorCode: ErrorCode
    /// The folders.
    public var results: [LogDir]

    /// A response with Kafka's defaults for what is not given.
    public init(throttleTimeMs: Int32 = 0, errorCode: ErrorCode = .none, results: [LogDir] = []) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
        self.results = results
    }

    /// Nothing but defaults.
    public init() {
        self.init(throttleTimeMs: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs)
        try coder.field("errorCode", &errorCode, since: 3, default: .none)
        try coder.field("results", &results)
    }
}

extension DescribeLogDirsResponse {
    /// A folder with logs.
    public struct LogDir: FieldStructure {
        /// Why it is not told.
        public var errorCode: ErrorCode
        /// The path of the folder.
        public var logDir: String
        /// The topics in it.
        public var topics: [TopicResult]
        /// Bytes of the file system, or -1.
        public var totalBytes: Int64
        /// Bytes of it that are free, or -1.
        public var usableBytes: Int64

        /// Values with Kafka's defaults for what is not given.
        public init(
            errorCode: ErrorCode = .none,
            logDir: String = "",
            topics: [TopicResult] = [],
            totalBytes: Int64 = -1,
            usableBytes: Int64 = -1
        ) {
            self.errorCode = errorCode
            self.logDir = logDir
            self.topics = topics
            self.totalBytes = totalBytes
            self.usableBytes = usableBytes
        }

        /// Nothing but defaults.
        public init() {
            self.init(errorCode: .none)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("errorCode", &errorCode)
            try coder.field("logDir", &logDir)
            try coder.field("topics", &topics)
            try coder.field("totalBytes", &totalBytes, since: 4, default: -1)
            try coder.field("usableBytes", &usableBytes, since: 4, default: -1)
        }
    }

    /// The partitions of one topic.
    public typealias TopicResult = TopicEntry<Partition>

    /// The log of a partition.
    public struct Partition: FieldStructure {
        /// Its number.
        public var partitionIndex: Int32
        /// Bytes of its log.
        public var partitionSize: Int64
        /// How far the log is behind.
        public var offsetLag: Int64
        /// Whether the log is to take the place of another one.
        public var isFutureKey: Bool

        /// Values with Kafka's defaults for what is not given.
        public init(
            partitionIndex: Int32 = 0,
            partitionSize: Int64 = 0,
            offsetLag: Int64 = 0,
            isFutureKey: Bool = false
        ) {
            self.partitionIndex = partitionIndex
            self.partitionSize = partitionSize
            self.offsetLag = offsetLag
            self.isFutureKey = isFutureKey
        }

        /// Nothing but defaults.
        public init() {
            self.init(partitionIndex: 0)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("partitionIndex", &partitionIndex)
            try coder.field("partitionSize", &partitionSize)
            try coder.field("offsetLag", &offsetLag)
            try coder.field("isFutureKey", &isFutureKey)
        }
    }
}
