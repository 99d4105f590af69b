// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaProtocol
import KafkaRecords
import NIOCore

/// What a cluster knows of clients that push metrics, and of what they have pushed. A value: time comes as an argument.
struct ClientMetricsState {
    /// A client that has asked which metrics are wanted.
    private struct Client {
        /// When it pushed last, or has asked.
        var heardAt: NIODeadline?
        var hasEnded = false
    }

    /// The number of the only subscription there is.
    private static let subscriptionID: Int32 = 714
    private static let mostPushes = 1_000
    private static let mostClients = 10_000
    /// What a push may become when it is decompressed.
    private static let mostBytes = 64 << 20

    let subscription: EmbeddedBroker.ClientMetrics?
    private var clients: [TopicID: Client] = [:]
    private(set) var pushes: [EmbeddedBroker.PushedMetrics] = []

    init(_ subscription: EmbeddedBroker.ClientMetrics?) {
        self.subscription = subscription
    }

    /// Says what is wanted, and gives a client an id that has none.
    mutating func subscription(of client: TopicID) -> GetTelemetrySubscriptionsResponse {
        guard let subscription else { return GetTelemetrySubscriptionsResponse(errorCode: .unsupportedVersion) }
        var generator = SystemRandomNumberGenerator()
        let id = client == .zero ? TopicID.random(using: &generator) : client
        if clients.count >= Self.mostClients { clients = [:] }
        clients[id, default: Client()].hasEnded = false
        return GetTelemetrySubscriptionsResponse(
            clientInstanceID: id,
            subscriptionID: Self.subscriptionID,
            acceptedCompressionTypes: subscription.acceptedCodecs,
            pushIntervalMs: Int32(clamping: Int(subscription.interval / .milliseconds(1))),
            telemetryMaxBytes: Int32(clamping: subscription.maximumBytes),
            deltaTemporality: subscription.isDelta,
            requestedMetrics: subscription.metrics
        )
    }

    /// Takes a push, or says why not, in Kafka's order.
    mutating func take(_ request: PushTelemetryRequest, from clientID: String, now: NIODeadline) -> ErrorCode {
        guard let subscription else { return .unsupportedVersion }
        guard var client = clients[request.clientInstanceID], !client.hasEnded else { return .invalidRequest }
        // A client that closes does not wait for its time.
        if let heard = client.heardAt, !request.terminating,
            now - heard < .nanoseconds(Int64(subscription.interval / .nanoseconds(2)))
        {
            return .throttlingQuotaExceeded
        }
        guard request.subscriptionID == Self.subscriptionID else { return .unknownSubscriptionID }
        let codec = request.compressionType
        guard codec == 0 || subscription.acceptedCodecs.contains(codec) else { return .unsupportedCompressionType }
        guard request.metrics.readableBytes <= subscription.maximumBytes else { return .telemetryTooLarge }
        guard let data = decompressed(request.metrics, codec) else { return .invalidRecord }
        client.heardAt = now
        client.hasEnded = request.terminating
        clients[request.clientInstanceID] = client
        if pushes.count == Self.mostPushes { pushes.removeFirst() }
        pushes.append(.init(clientID: clientID, data: data, codec: codec, isLast: request.terminating))
        return .none
    }

    private func decompressed(_ bytes: ByteBuffer, _ number: Int8) -> [UInt8]? {
        guard let type = CompressionType(rawValue: number) else { return nil }
        guard let codec = CodecName(type) else { return Array(buffer: bytes) }
        do throws(CompressionError) {
            return try Decompressor.decompress(bytes.readableBytesSpan, codec: codec, limit: Self.mostBytes)
        } catch {
            return nil
        }
    }
}
