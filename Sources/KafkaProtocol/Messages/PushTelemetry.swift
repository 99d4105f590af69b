// SPDX-License-Identifier: Apache-2.0
public import NIOCore

// PushTelemetry: a client's metrics for the cluster (KIP-714).

/// Brings metrics, as OpenTelemetry's MetricsData in protobuf.
public struct PushTelemetryRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = PushTelemetryResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.pushTelemetry
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...0

    /// The id that the client was given.
    public var clientInstanceID: TopicID
    /// Which set of wishes this follows.
    public var subscriptionID: Int32
    /// Whether it is the last push, since the client closes.
    public var terminating: Bool
    /// The codec of the metrics, by its number in batches.
    public var compressionType: Int8
    /// The metrics.
    public var metrics: ByteBuffer

    /// A request with Kafka's defaults for what is not given.
    public init(
        clientInstanceID: TopicID = .zero,
        subscriptionID: Int32 = 0,
        terminating: Bool = false,
        compressionType: Int8 = 0,
        metrics: ByteBuffer = ByteBuffer()
    ) {
        self.clientInstanceID = clientInstanceID
        self.subscriptionID = subscriptionID
        self.terminating = terminating
        self.compressionType = compressionType
        self.metrics = metrics
    }

    /// Nothing but defaults.
    public init() {
        self.init(clientInstanceID: .zero)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("clientInstanceId", &clientInstanceID)
        try coder.field("subscriptionId", &subscriptionID)
        try coder.field("terminating", &terminating)
        try coder.field("compressionType", &compressionType)
        try coder.field("metrics", &metrics)
    }
}

/// Tells whether the metrics were taken.
public struct PushTelemetryResponse: ThrottledResponse {
    /// What this answers.
    public typealias Request = PushTelemetryRequest

    /// The broker answers before it throttles (KIP-219).
    public static let firstPausingVersion: Int16 = 0

    /// Milliseconds for which the broker throttles this client, by a quota (KIP-219).
    public var throttleTimeMs: Int32
    /// How the request went.
    public var errorCode: ErrorCode

    /// A response with Kafka's defaults for what is not given.
    public init(throttleTimeMs: Int32 = 0, errorCode: ErrorCode = .none) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
    }

    /// Nothing but defaults.
    public init() {
        self.init(throttleTimeMs: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("throttleTimeMs", &throttleTimeMs)
        try coder.field("errorCode", &errorCode)
    }
}
