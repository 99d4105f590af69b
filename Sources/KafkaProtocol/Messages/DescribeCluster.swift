// SPDX-License-Identifier: Apache-2.0

// DescribeCluster: the brokers of the cluster, its id and controller, and what the client may do to it (KIP-700).
//
//  0  flexible
//  1  endpointType, brokers or controllers (KIP-919)
//  2  fenced brokers, on request (KIP-1073)

/// Asks for the brokers of the cluster.
public struct DescribeClusterRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = DescribeClusterResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.describeCluster
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...2

    /// The ``endpointType`` of brokers.
    public static let brokerEndpoints: Int8 = 1
    /// The ``endpointType`` of controllers.
    public static let controllerEndpoints: Int8 = 2

    /// Whether to tell what the client may do to the cluster.
    public var includeClusterAuthorizedOperations: Bool
    /// Which nodes are wanted: 1 brokers, 2 controllers.
    public var endpointType: Int8
    /// Whether to name brokers that are fenced off too.
    public var includeFencedBrokers: Bool

    /// A request with Kafka's defaults for what is not given.
    public init(
        includeClusterAuthorizedOperations: Bool = false,
        endpointType: Int8 = Self.brokerEndpoints,
        includeFencedBrokers: Bool = false
    ) {
        self.includeClusterAuthorizedOperations = includeClusterAuthorizedOperations
        self.endpointType = endpointType
        self.includeFencedBrokers = includeFencedBrokers
    }

    /// Nothing but defaults.
    public init() {
        self.init(includeClusterAuthorizedOperations: false)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("includeClusterAuthorizedOperations", &includeClusterAuthorizedOperations)
        try coder.field("endpointType", &endpointType, since: 1, default: Self.brokerEndpoints)
        try coder.field("includeFencedBrokers", &includeFencedBrokers, since: 2, default: false)
    }
}

/// Tells the brokers of the cluster.
public struct DescribeClusterResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = DescribeClusterRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 0

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// How the request went.
    public var errorCode: ErrorCode
    /// The broker's words about the error, or null.
    public var errorMessage: String?
    /// Which nodes are told: 1 brokers, 2 controllers.
    public var endpointType: Int8
    /// The cluster's id.
    public var clusterID: String
    /// The node id of the controller, or -1.
    public var controllerID: Int32
    /// The brokers.
    public var brokers: [Broker]
    /// A bit for each operation that the client may do to the cluster; the lowest number if not asked.
    public var clusterAuthorizedOperations: Int32

    /// A response with Kafka's defaults for what is not given.
    public init(
        throttleTimeMs: Int32 = 0,
        errorCode: ErrorCode = .none,
        errorMessage: String? = nil,
        endpointType: Int8 = DescribeClusterRequest.brokerEndpoints,
        clusterID: String = "",
        controllerID: Int32 = -1,
        brokers: [Broker] = [],
        clusterAuthorizedOperations: Int32 = .min
    ) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
        self.errorMessage = errorMessage
        self.endpointType = endpointType
        self.clusterID = clusterID
        self.controllerID = controllerID
        self.brokers = brokers
        self.clusterAuthorizedOperations = clusterAuthorizedOperations
    }

    /// Nothing but defaults.
    public init() {
        self.init(throttleTimeMs: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs)
        try coder.field("errorCode", &errorCode)
        try coder.field("errorMessage", &errorMessage)
        try coder.field("endpointType", &endpointType, since: 1)
        try coder.field("clusterId", &clusterID)
        try coder.field("controllerId", &controllerID)
        try coder.field("brokers", &brokers)
        try coder.field("clusterAuthorizedOperations", &clusterAuthorizedOperations)
    }
}

extension DescribeClusterResponse {
    /// A broker of the cluster.
    public struct Broker: FieldStructure {
        /// Its node id.
        public var brokerID: Int32
        /// The host to connect to.
        public var host: String
        /// The port to connect to.
        public var port: Int32
        /// Its rack, or null.
        public var rack: String?
        /// Whether it is fenced off.
        public var isFenced: Bool

        /// A broker with Kafka's defaults for what is not given.
        public init(
            brokerID: Int32 = 0,
            host: String = "",
            port: Int32 = 0,
            rack: String? = nil,
            isFenced: Bool = false
        ) {
            self.brokerID = brokerID
            self.host = host
            self.port = port
            self.rack = rack
            self.isFenced = isFenced
        }

        /// Nothing but defaults.
        public init() {
            self.init(brokerID: 0)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("brokerId", &brokerID)
            try coder.field("host", &host)
            try coder.field("port", &port)
            try coder.field("rack", &rack)
            try coder.field("isFenced", &isFenced, since: 2)
        }
    }
}
