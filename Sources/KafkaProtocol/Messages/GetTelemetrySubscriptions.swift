// SPDX-License-Identifier: Apache-2.0

// GetTelemetrySubscriptions: which metrics the cluster wants of a client (KIP-714).

/// Asks which of the client's metrics are wanted.
public struct GetTelemetrySubscriptionsRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = GetTelemetrySubscriptionsResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.getTelemetrySubscriptions
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...0

    /// The client's own id; zero to be given one.
    public var clientInstanceID: TopicID

    /// A request with Kafka's defaults for what is not given.
    public init(clientInstanceID: TopicID = .zero) {
        self.clientInstanceID = clientInstanceID
    }

    /// Nothing but defaults.
    public init() {
        self.init(clientInstanceID: .zero)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("clientInstanceId", &clientInstanceID)
    }
}

/// Tells which metrics are wanted, how often and in which form.
public struct GetTelemetrySubscriptionsResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = GetTelemetrySubscriptionsRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 0

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// How the request went.
    public var errorCode: ErrorCode
    /// The id that the client is given, or that it has.
    public var clientInstanceID: TopicID
    /// Which set of wishes this is.
    public var subscriptionID: Int32
    /// The codecs that the broker takes, by their numbers in batches, the preferred one first.
    public var acceptedCompressionTypes: [Int8]
    /// Milliseconds between two pushes.
    public var pushIntervalMs: Int32
    /// The most bytes that a push may have, compressed.
    public var telemetryMaxBytes: Int32
    /// Whether sums are wanted since the last push; else since the beginning.
    public var deltaTemporality: Bool
    /// What the names of wanted metrics begin with; empty for none, `*` for all.
    public var requestedMetrics: [String]

    /// A response with Kafka's defaults for what is not given.
    public init(
        throttleTimeMs: Int32 = 0,
        errorCode: ErrorCode = .none,
        clientInstanceID: TopicID = .zero,
        subscriptionID: Int32 = 0,
        acceptedCompressionTypes: [Int8] = [],
        pushIntervalMs: Int32 = 0,
        telemetryMaxBytes: Int32 = 0,
        deltaTemporality: Bool = false,
        requestedMetrics: [String] = []
    ) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
        self.clientInstanceID = clientInstanceID
        self.subscriptionID = subscriptionID
        self.acceptedCompressionTypes = acceptedCompressionTypes
        self.pushIntervalMs = pushIntervalMs
        self.telemetryMaxBytes = telemetryMaxBytes
        self.deltaTemporality = deltaTemporality
        self.requestedMetrics = requestedMetrics
    }

    /// Nothing but defaults.
    public init() {
        self.init(throttleTimeMs: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs)
        try coder.field("errorCode", &errorCode)
        try coder.field("clientInstanceId", &clientInstanceID)
        try coder.field("subscriptionId", &subscriptionID)
        try coder.field("acceptedCompressionTypes", &acceptedCompressionTypes)
        try coder.field("pushIntervalMs", &pushIntervalMs)
        try coder.field("telemetryMaxBytes", &telemetryMaxBytes)
        try coder.field("deltaTemporality", &deltaTemporality)
        try coder.field("requestedMetrics", &requestedMetrics)
    }
}
