// SPDX-License-Identifier: Apache-2.0

// OffsetDelete: deletes committed offsets of a group (KIP-496). There is one version, and it is not flexible.

/// Deletes committed offsets of a group.
public struct OffsetDeleteRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = OffsetDeleteResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.offsetDelete
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...0

    /// The group's name.
    public var groupID: String
    /// The topics.
    public var topics: [Topic]

    /// A request with Kafka's defaults for what is not given.
    public init(groupID: String = "", topics: [Topic] = []) {
        self.groupID = groupID
        self.topics = topics
    }

    /// Nothing but defaults.
    public init() {
        self.init(groupID: "")
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("groupId", &groupID)
        try coder.field("topics", &topics)
    }
}

extension OffsetDeleteRequest {
    /// Partitions of one topic.
    public typealias Topic = TopicEntry<Partition>

    /// A partition whose offset is to go.
    public struct Partition: FieldStructure {
        /// The partition's number.
        public var partitionIndex: Int32

        /// A partition with Kafka's defaults for what is not given.
        public init(partitionIndex: Int32) {
            self.partitionIndex = partitionIndex
        }

        /// Nothing but defaults.
        public init() {
            self.init(partitionIndex: 0)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("partitionIndex", &partitionIndex)
        }
    }
}

/// Tells which offsets were deleted.
public struct OffsetDeleteResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = OffsetDeleteRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 0

    /// Why nothing was deleted at all.
    public var errorCode: ErrorCode
    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// The results of each topic.
    public var topics: [TopicResult]

    /// A response with Kafka's defaults for what is not given.
    public init(errorCode: ErrorCode = .none, throttleTimeMs: Int32 = 0, topics: [TopicResult] = []) {
        self.errorCode = errorCode
        self.throttleTimeMs = throttleTimeMs
        self.topics = topics
    }

    /// Nothing but defaults.
    public init() {
        self.init(errorCode: .none)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("errorCode", &errorCode)
        try coder.field("throttleTimeMs", &throttleTimeMs)
        try coder.field("topics", &topics)
    }
}

extension OffsetDeleteResponse {
    /// How it went for one topic.
    public typealias TopicResult = TopicEntry<PartitionError>
}
