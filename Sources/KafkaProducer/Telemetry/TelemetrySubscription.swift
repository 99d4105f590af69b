// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// Which metrics a cluster wants, how often and in which form.
struct TelemetrySubscription: Equatable {
    /// When the cluster names no time between pushes, or an impossible one.
    static let defaultInterval = TimeAmount.seconds(300)
    /// The shortest time that a cluster can be set to.
    private static let shortestInterval = TimeAmount.milliseconds(100)

    let instance: TopicID
    let id: Int32
    let interval: TimeAmount
    let maximumBytes: Int
    let acceptedCodecs: [Int8]
    let isDelta: Bool
    private let prefixes: [String]

    /// Nil when the answer names no client.
    init?(_ response: GetTelemetrySubscriptionsResponse) {
        guard response.clientInstanceID != .zero else { return nil }
        instance = response.clientInstanceID
        id = response.subscriptionID
        interval =
            response.pushIntervalMs > 0
            ? max(.milliseconds(Int64(response.pushIntervalMs)), Self.shortestInterval) : Self.defaultInterval
        maximumBytes = Int(response.telemetryMaxBytes)
        acceptedCodecs = response.acceptedCompressionTypes
        isDelta = response.deltaTemporality
        prefixes = response.requestedMetrics
    }

    /// Whether any metric is wanted.
    var isWanted: Bool { !prefixes.isEmpty }

    /// Whether a metric is wanted.
    func wants(_ metric: ProducerMetric) -> Bool {
        if prefixes == ["*"] { return true }
        let name = TelemetryName.of(metric)
        return prefixes.contains { name.hasPrefix($0) }
    }
}
