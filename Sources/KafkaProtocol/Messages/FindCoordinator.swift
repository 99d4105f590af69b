// SPDX-License-Identifier: Apache-2.0

// FindCoordinator: finds the broker that coordinates a group, a transactional id or a share partition.
//
//  1  keyType, throttleTimeMs, errorMessage
//  2  the broker answers before it throttles (KIP-219)
//  3  flexible
//  4  several keys in one request (KIP-699)
//  5  TRANSACTION_ABORTABLE may be answered (KIP-890)
//  6  share groups (KIP-932)

/// Asks which broker coordinates a group or a transactional id.
public struct FindCoordinatorRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = FindCoordinatorResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.findCoordinator
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...6

    /// The ``keyType`` of a group.
    public static let groupKeyType: Int8 = 0
    /// The ``keyType`` of a transactional id.
    public static let transactionKeyType: Int8 = 1

    /// The name to find the coordinator of, up to version 3.
    public var key: String
    /// What kind of name it is: 0 a group, 1 a transactional id, 2 a share partition.
    public var keyType: Int8
    /// The names, from version 4 on.
    public var coordinatorKeys: [String]

    /// A request with Kafka's defaults for what is not given.
    public init(key: String = "", keyType: Int8 = 0, coordinatorKeys: [String] = []) {
        self.key = key
        self.keyType = keyType
        self.coordinatorKeys = coordinatorKeys
    }

    /// Nothing but defaults.
    public init() {
        self.init(key: "")
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("key", &key, until: 3, default: "")
        try coder.field("keyType", &keyType, since: 1, default: 0)
        try coder.field("coordinatorKeys", &coordinatorKeys, since: 4, default: [])
    }
}

/// Tells the coordinators, or why there are none.
public struct FindCoordinatorResponse: ThrottledResponse {
    /// What a client asked.
    public typealias Request = FindCoordinatorRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 2

    /// Milliseconds for which the broker throttles the client.
    public var throttleTimeMs: Int32
    /// Why there is no coordinator, up to version 3.
    public var errorCode: ErrorCode
    /// The broker's words on the error, or null, in versions 1 to 3.
    public var errorMessage: String?
    /// The coordinator's id, up to version 3.
    public var nodeID: Int32
    /// The coordinator's host, up to version 3.
    public var host: String
    /// The coordinator's port, up to version 3.
    public var port: Int32
    /// An answer for each key, from version 4 on.
    public var coordinators: [Coordinator]

    /// A response with Kafka's defaults for what is not given.
    public init(
        throttleTimeMs: Int32 = 0,
        errorCode: ErrorCode = .none,
        errorMessage: String? = "",
        nodeID: Int32 = 0,
        host: String = "",
        port: Int32 = 0,
        coordinators: [Coordinator] = []
    ) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
        self.errorMessage = errorMessage
        self.nodeID = nodeID
        self.host = host
        self.port = port
        self.coordinators = coordinators
    }

    /// Nothing but defaults.
    public init() {
        self.init(throttleTimeMs: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs, since: 1)
        try coder.field("errorCode", &errorCode, until: 3)
        try coder.field("errorMessage", &errorMessage, since: 1, until: 3)
        try coder.field("nodeId", &nodeID, until: 3)
        try coder.field("host", &host, until: 3)
        try coder.field("port", &port, until: 3)
        try coder.field("coordinators", &coordinators, since: 4, default: [])
    }
}

extension FindCoordinatorResponse {
    /// The coordinator of one key.
    public struct Coordinator: FieldStructure, Equatable {
        /// The name that was asked for.
        public var key: String
        /// The coordinator's id.
        public var nodeID: Int32
        /// The coordinator's host.
        public var host: String
        /// The coordinator's port.
        public var port: Int32
        /// Why there is no coordinator.
        public var errorCode: ErrorCode
        /// The broker's words on the error, or null.
        public var errorMessage: String?

        /// A coordinator with Kafka's defaults for what is not given.
        public init(
            key: String = "",
            nodeID: Int32 = 0,
            host: String = "",
            port: Int32 = 0,
            errorCode: ErrorCode = .none,
            errorMessage: String? = ""
        ) {
            self.key = key
            self.nodeID = nodeID
            self.host = host
            self.port = port
            self.errorCode = errorCode
            self.errorMessage = errorMessage
        }

        /// Nothing but defaults.
        public init() {
            self.init(key: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("key", &key)
            try coder.field("nodeId", &nodeID)
            try coder.field("host", &host)
            try coder.field("port", &port)
            try coder.field("errorCode", &errorCode)
            try coder.field("errorMessage", &errorMessage)
        }
    }
}
