// SPDX-License-Identifier: Apache-2.0
import NIOCore

extension EmbeddedBroker {
    /// Which metrics the cluster wants of its clients (KIP-714): a subscription, as `kafka-client-metrics.sh` makes them.
    public struct ClientMetrics: Sendable, Hashable {
        /// What the names of wanted metrics begin with; `*` alone for all. Kafka's `metrics`.
        public var metrics: [String]
        /// The time between two pushes, in milliseconds on the wire. Kafka's `interval.ms`.
        public var interval: Duration
        /// The codecs that are taken, by their numbers in batches, the preferred one first: 4 is zstd, 3 lz4, 1 gzip, 2 snappy.
        public var acceptedCodecs: [Int8] = [4, 3, 1, 2]
        /// The most bytes that a push may have, compressed. Kafka's `telemetry.max.bytes`.
        public var maximumBytes = 1_048_576
        /// Whether sums are wanted since the last push; else since the beginning.
        public var isDelta = false

        /// A subscription.
        public init(metrics: [String] = ["*"], interval: Duration = .seconds(300)) {
            self.metrics = metrics
            self.interval = interval
        }

        /// What is wrong with it, or nil.
        var objection: String? {
            interval < .milliseconds(100) || interval > .seconds(3600)
                ? "the time between pushes of metrics must be 100 ms to 1 h" : nil
        }
    }

    /// A push of metrics that was taken.
    public struct PushedMetrics: Sendable, Hashable {
        /// The `client.id` of who pushed.
        public var clientID: String
        /// OpenTelemetry's `MetricsData` in protobuf, decompressed.
        public var data: [UInt8]
        /// The codec that it came with, by its number in batches.
        public var codec: Int8
        /// Whether the client says that it closes.
        public var isLast: Bool
    }

    /// The pushes that were taken, in their order: at most the last 1,000.
    public var pushedMetrics: [PushedMetrics] {
        get async {
            let pushes = try? await eventLoop.submit { [server] in server.value.cluster.clientMetrics.pushes }.get()
            return pushes ?? []
        }
    }
}
