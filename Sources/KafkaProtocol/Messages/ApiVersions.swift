// SPDX-License-Identifier: Apache-2.0

// ApiVersions: which versions of which APIs a broker serves; the first request of a connection (KIP-35).
//
// 1  the response has throttleTimeMs
// 2  the broker answers before it throttles (KIP-219)
// 3  flexible; the client names its software (KIP-511); features in the response (KIP-584)
// 4  a feature's minimum version may be 0 (KAFKA-17011)
//
// The response's header is always version 0, and a broker that does not know the request's version answers
// UNSUPPORTED_VERSION in version 0 of the body (KIP-511).

/// Asks a broker for the versions that it serves.
public struct ApiVersionsRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = ApiVersionsResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.apiVersions
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...4

    /// The client library's name, for the broker's metrics.
    public var clientSoftwareName: String
    /// The client library's version.
    public var clientSoftwareVersion: String

    /// A request with Kafka's defaults for what is not given.
    public init(clientSoftwareName: String = "", clientSoftwareVersion: String = "") {
        self.clientSoftwareName = clientSoftwareName
        self.clientSoftwareVersion = clientSoftwareVersion
    }

    /// Nothing but defaults.
    public init() {
        self.init(clientSoftwareName: "")
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("clientSoftwareName", &clientSoftwareName, since: 3)
        try coder.field("clientSoftwareVersion", &clientSoftwareVersion, since: 3)
    }
}

/// Tells the versions that a broker serves.
public struct ApiVersionsResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = ApiVersionsRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 2

    /// How the request went.
    public var errorCode: ErrorCode
    /// The APIs served.
    public var apiKeys: [API]
    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// Features that the broker could serve.
    public var supportedFeatures: [SupportedFeature]
    /// The epoch of `finalizedFeatures`, which only grows, or -1 if unknown.
    public var finalizedFeaturesEpoch: Int64
    /// Features that are switched on in the cluster.
    public var finalizedFeatures: [FinalizedFeature]
    /// Whether a controller is ready to take over from ZooKeeper.
    public var zkMigrationReady: Bool

    /// A response with Kafka's defaults for what is not given.
    public init(
        errorCode: ErrorCode = .none,
        apiKeys: [API] = [],
        throttleTimeMs: Int32 = 0,
        supportedFeatures: [SupportedFeature] = [],
        finalizedFeaturesEpoch: Int64 = -1,
        finalizedFeatures: [FinalizedFeature] = [],
        zkMigrationReady: Bool = false
    ) {
        self.errorCode = errorCode
        self.apiKeys = apiKeys
        self.throttleTimeMs = throttleTimeMs
        self.supportedFeatures = supportedFeatures
        self.finalizedFeaturesEpoch = finalizedFeaturesEpoch
        self.finalizedFeatures = finalizedFeatures
        self.zkMigrationReady = zkMigrationReady
    }

    /// Nothing but defaults.
    public init() {
        self.init(errorCode: .none)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("errorCode", &errorCode)
        try coder.field("apiKeys", &apiKeys)
        try coder.field("throttleTimeMs", &throttleTimeMs, since: 1)
        try coder.tagged(0, "supportedFeatures", &supportedFeatures, since: 3, default: [], isIgnorable: true)
        try coder.tagged(1, "finalizedFeaturesEpoch", &finalizedFeaturesEpoch, since: 3, default: -1, isIgnorable: true)
        try coder.tagged(2, "finalizedFeatures", &finalizedFeatures, since: 3, default: [], isIgnorable: true)
        try coder.tagged(3, "zkMigrationReady", &zkMigrationReady, since: 3, default: false, isIgnorable: true)
    }
}

extension ApiVersionsResponse {
    /// The versions served of one API.
    public struct API: FieldStructure {
        /// The API.
        public var apiKey: APIKey
        /// The lowest version served.
        public var minVersion: Int16
        /// The highest version served.
        public var maxVersion: Int16

        /// A range with Kafka's defaults for what is not given.
        public init(apiKey: APIKey = APIKey(), minVersion: Int16 = 0, maxVersion: Int16 = 0) {
            self.apiKey = apiKey
            self.minVersion = minVersion
            self.maxVersion = maxVersion
        }

        /// Nothing but defaults.
        public init() {
            self.init(apiKey: APIKey())
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("apiKey", &apiKey)
            try coder.field("minVersion", &minVersion)
            try coder.field("maxVersion", &maxVersion)
        }
    }

    /// The levels of one feature that a broker could serve.
    public struct SupportedFeature: FieldStructure {
        /// The feature, such as `transaction.version`.
        public var name: String
        /// The lowest level.
        public var minVersion: Int16
        /// The highest level.
        public var maxVersion: Int16

        /// A feature with Kafka's defaults for what is not given.
        public init(name: String = "", minVersion: Int16 = 0, maxVersion: Int16 = 0) {
            self.name = name
            self.minVersion = minVersion
            self.maxVersion = maxVersion
        }

        /// Nothing but defaults.
        public init() {
            self.init(name: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("name", &name)
            try coder.field("minVersion", &minVersion)
            try coder.field("maxVersion", &maxVersion)
        }
    }

    /// The levels of one feature that are switched on.
    public struct FinalizedFeature: FieldStructure {
        /// The feature, such as `transaction.version`.
        public var name: String
        /// The highest level.
        public var maxVersionLevel: Int16
        /// The lowest level.
        public var minVersionLevel: Int16

        /// A feature with Kafka's defaults for what is not given.
        public init(name: String = "", maxVersionLevel: Int16 = 0, minVersionLevel: Int16 = 0) {
            self.name = name
            self.maxVersionLevel = maxVersionLevel
            self.minVersionLevel = minVersionLevel
        }

        /// Nothing but defaults.
        public init() {
            self.init(name: "")
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("name", &name)
            try coder.field("maxVersionLevel", &maxVersionLevel)
            try coder.field("minVersionLevel", &minVersionLevel)
        }
    }
}
