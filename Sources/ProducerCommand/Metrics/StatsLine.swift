// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// The JSON line that `--stats-interval` writes: the account so far, and every metric by its group.
struct StatsLine: Encodable {
    /// In milliseconds since 1970.
    let timestamp: Int64
    /// Since the beginning.
    let seconds: Double
    let read: UInt64
    let acked: UInt64
    let ackedBytes: UInt64
    let failed: UInt64
    let skipped: UInt64
    /// Whether no line follows, and the account is the last one.
    let isLast: Bool
    private let metrics: MetricGroups

    init(_ metrics: [ProducerMetric], _ ledger: Ledger, time: Int64, seconds: Double, isLast: Bool = false) {
        timestamp = time
        self.seconds = seconds.roundedToThousandths
        (read, failed, skipped) = (ledger.read, ledger.failed, ledger.skipped)
        self.isLast = isLast
        (acked, ackedBytes) = (ledger.acked, ledger.ackedBytes)
        self.metrics = MetricGroups(metrics)
    }

    private enum Key: String, CodingKey {
        case timestamp, seconds, read, acked, ackedBytes, failed, skipped
        case isLast = "last"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(timestamp, forKey: .timestamp)
        try container.encode(seconds, forKey: .seconds)
        try container.encode(read, forKey: .read)
        try container.encode(acked, forKey: .acked)
        try container.encode(ackedBytes, forKey: .ackedBytes)
        try container.encode(failed, forKey: .failed)
        try container.encode(skipped, forKey: .skipped)
        try container.encode(isLast, forKey: .isLast)
        try metrics.encode(to: encoder)
    }
}
