// SPDX-License-Identifier: Apache-2.0

// Metadata: brokers, topics, partitions and their leaders.
//
//  1  null asks for all topics, an empty array for none (in 0 an empty array asks for all); rack, controllerID, isInternal
//  2  clusterID
//  3  throttleTimeMs
//  4  allowAutoTopicCreation
//  5  offlineReplicas
//  7  leaderEpoch
//  8  authorized operations of cluster and topics, on request
//  9  flexible
// 10  topicID; name may be null, which brokers understand from 12 on (KIP-516)
// 11  no authorized operations of the cluster any more (KIP-700)
// 13  errorCode of the whole response (KIP-1102)

/// Asks for the cluster's brokers and for topics.
public struct MetadataRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = MetadataResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.metadata
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...13
    /// The first version that says whether topics may be made.
    public static let firstCreationVersion: Int16 = 4

    /// The topics wanted; null for all.
    public var topics: [Topic]?
    /// Whether the broker may create topics that do not exist, if it is set up to.
    public var allowAutoTopicCreation: Bool
    /// Whether to tell what the client may do to the cluster.
    public var includeClusterAuthorizedOperations: Bool
    /// Whether to tell what the client may do to each topic.
    public var includeTopicAuthorizedOperations: Bool

    /// A request with Kafka's defaults for what is not given.
    public init(
        topics: [Topic]? = [],
        allowAutoTopicCreation: Bool = true,
        includeClusterAuthorizedOperations: Bool = false,
        includeTopicAuthorizedOperations: Bool = false
    ) {
        self.topics = topics
        self.allowAutoTopicCreation = allowAutoTopicCreation
        self.includeClusterAuthorizedOperations = includeClusterAuthorizedOperations
        self.includeTopicAuthorizedOperations = includeTopicAuthorizedOperations
    }

    /// Nothing but defaults.
    public init() {
        self.init(topics: [])
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("topics", &topics, nullableSince: 1)
        try coder.field("allowAutoTopicCreation", &allowAutoTopicCreation, since: 4, default: true)
        try coder.field(
            "includeClusterAuthorizedOperations",
            &includeClusterAuthorizedOperations,
            since: 8,
            until: 10,
            default: false
        )
        try coder.field("includeTopicAuthorizedOperations", &includeTopicAuthorizedOperations, since: 8, default: false)
    }
}

extension MetadataRequest {
    /// A topic wanted, by its name or by its id.
    public struct Topic: FieldStructure {
        /// The topic's id, or zero.
        public var topicID: TopicID
        /// The topic's name; null when only the id is known.
        public var name: String?

        /// A topic with Kafka's defaults for what is not given.
        public init(topicID: TopicID = .zero, name: String? = "") {
            self.topicID = topicID
            self.name = name
        }

        /// Nothing but defaults.
        public init() {
            self.init(topicID: .zero)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("topicId", &topicID, since: 10)
            try coder.field("name", &name, nullableSince: 10)
        }
    }
}

/// Tells the cluster's brokers and topics.
public struct MetadataResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = MetadataRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 6

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// All brokers that are running.
    public var brokers: [Broker]
    /// The cluster's id, or null.
    public var clusterID: String?
    /// The node id of the controller, or -1.
    public var controllerID: Int32
    /// The topics asked for.
    public var topics: [Topic]
    /// A bit for each operation that the client may do to the cluster; the lowest number if not asked.
    public var clusterAuthorizedOperations: Int32
    /// An error of the request as a whole, such as `rebootstrapRequired`.
    public var errorCode: ErrorCode

    /// A response with Kafka's defaults for what is not given.
    public init(
        throttleTimeMs: Int32 = 0,
        brokers: [Broker] = [],
        clusterID: String? = nil,
        controllerID: Int32 = -1,
        topics: [Topic] = [],
        clusterAuthorizedOperations: Int32 = .min,
        errorCode: ErrorCode = .none
    ) {
        self.throttleTimeMs = throttleTimeMs
        self.brokers = brokers
        self.clusterID = clusterID
        self.controllerID = controllerID
        self.topics = topics
        self.clusterAuthorizedOperations = clusterAuthorizedOperations
        self.errorCode = errorCode
    }

    /// Nothing but defaults.
    public init() {
        self.init(throttleTimeMs: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs, since: 3)
        try coder.field("brokers", &brokers)
        try coder.field("clusterId", &clusterID, since: 2)
        try coder.field("controllerId", &controllerID, since: 1)
        try coder.field("topics", &topics)
        try coder.field("clusterAuthorizedOperations", &clusterAuthorizedOperations, since: 8, until: 10, default: .min)
        try coder.field("errorCode", &errorCode, since: 13)
    }
}

extension MetadataResponse {
    /// A broker that is running.
    public struct Broker: FieldStructure {
        /// The broker's id.
        public var nodeID: Int32
        /// The host to connect to.
        public var host: String
        /// The port to connect to.
        public var port: Int32
        /// The broker's rack, or null.
        public var rack: String?

        /// A broker with Kafka's defaults for what is not given.
        public init(nodeID: Int32 = 0, host: String = "", port: Int32 = 0, rack: String? = nil) {
            self.nodeID = nodeID
            self.host = host
            self.port = port
            self.rack = rack
        }

        /// Nothing but defaults.
        public init() {
            self.init(nodeID: 0)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("nodeId", &nodeID)
            try coder.field("host", &host)
            try coder.field("port", &port)
            try coder.field("rack", &rack, since: 1)
        }
    }

    /// A topic and its partitions, or why there are none.
    public struct Topic: FieldStructure {
        /// An error of this topic.
        public var errorCode: ErrorCode
        /// The topic's name; null when an unknown id was asked for.
        public var name: String?
        /// The topic's id, or zero.
        public var topicID: TopicID
        /// Whether the topic is Kafka's own.
        public var isInternal: Bool
        /// The topic's partitions, in any order.
        public var partitions: [Partition]
        /// A bit for each operation that the client may do to the topic; the lowest number if not asked.
        public var topicAuthorizedOperations: Int32

        /// A topic with Kafka's defaults for what is not given.
        public init(
            errorCode: ErrorCode = .none,
            name: String? = "",
            topicID: TopicID = .zero,
            isInternal: Bool = false,
            partitions: [Partition] = [],
            topicAuthorizedOperations: Int32 = .min
        ) {
            self.errorCode = errorCode
            self.name = name
            self.topicID = topicID
            self.isInternal = isInternal
            self.partitions = partitions
            self.topicAuthorizedOperations = topicAuthorizedOperations
        }

        /// Nothing but defaults.
        public init() {
            self.init(errorCode: .none)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("errorCode", &errorCode)
            try coder.field("name", &name, nullableSince: 12)
            try coder.field("topicId", &topicID, since: 10)
            try coder.field("isInternal", &isInternal, since: 1)
            try coder.field("partitions", &partitions)
            try coder.field("topicAuthorizedOperations", &topicAuthorizedOperations, since: 8, default: .min)
        }
    }

    /// A partition and where it is.
    public struct Partition: FieldStructure {
        /// An error of this partition, such as `leaderNotAvailable`.
        public var errorCode: ErrorCode
        /// The partition's number.
        public var partitionIndex: Int32
        /// The node id of the leader, or -1.
        public var leaderID: Int32
        /// The leader's epoch, or -1 if unknown.
        public var leaderEpoch: Int32
        /// The node ids of all replicas.
        public var replicaNodes: [Int32]
        /// The node ids of the replicas in sync with the leader.
        public var isrNodes: [Int32]
        /// The node ids of the replicas that are not running.
        public var offlineReplicas: [Int32]

        /// A partition with Kafka's defaults for what is not given.
        public init(
            errorCode: ErrorCode = .none,
            partitionIndex: Int32 = 0,
            leaderID: Int32 = 0,
            leaderEpoch: Int32 = -1,
            replicaNodes: [Int32] = [],
            isrNodes: [Int32] = [],
            offlineReplicas: [Int32] = []
        ) {
            self.errorCode = errorCode
            self.partitionIndex = partitionIndex
            self.leaderID = leaderID
            self.leaderEpoch = leaderEpoch
            self.replicaNodes = replicaNodes
            self.isrNodes = isrNodes
            self.offlineReplicas = offlineReplicas
        }

        /// Nothing but defaults.
        public init() {
            self.init(errorCode: .none)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("errorCode", &errorCode)
            try coder.field("partitionIndex", &partitionIndex)
            try coder.field("leaderId", &leaderID)
            try coder.field("leaderEpoch", &leaderEpoch, since: 7)
            try coder.field("replicaNodes", &replicaNodes)
            try coder.field("isrNodes", &isrNodes)
            try coder.field("offlineReplicas", &offlineReplicas, since: 5)
        }
    }
}
