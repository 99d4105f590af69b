// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// What one perf run has measured.
struct PerfResult: Sendable {
    var topic: String
    var startedAt: Int64
    var total: LatencyStatistics
    /// What followed the warm-up, if there was one, and for how many seconds.
    var steady: (statistics: LatencyStatistics, seconds: Double)?
    var ledger: Ledger
    /// From the first record's time to the last answer.
    var seconds: Double
    /// User and system time of this process meanwhile.
    var cpuSeconds: Double
    /// The most memory of this process so far, in bytes.
    var peakMemory: UInt64
    var batches: BatchSizes
    var requests: UInt64
    /// Bytes of batches in all requests.
    var requestBytes: UInt64
    var timeline: Timeline
    var limit: LoadLimit?
    var metrics: [ProducerMetric]
    /// The settings in force, secrets hidden.
    var settings: [EffectiveValue]
    /// What was asked for, in words: records, values, keys, rate.
    var load: [(name: String, value: String)]

    var recordsPerSecond: Double { Double(total.records) / max(seconds, 0.001) }
    var megabytesPerSecond: Double { Double(total.bytes) / max(seconds, 0.001) / (1024 * 1024) }
    var cpuSecondsPerMillion: Double { total.records > 0 ? cpuSeconds / Double(total.records) * 1_000_000 : 0 }
    /// Bytes of batches in a produce request.
    var requestSize: Double { requests > 0 ? Double(requestBytes) / Double(requests) : 0 }

    /// When a run was and what it took.
    struct Costs: Sendable {
        /// In milliseconds since 1970.
        var startedAt: Int64
        /// When the first record was to be sent, by the run's clock, in seconds.
        var start: Double
        var seconds: Double
        var before: ResourceUsage
        var after: ResourceUsage
    }

    /// The percentiles that are reported everywhere.
    static let percents: [(name: String, percent: Double)] = [
        ("50", 50), ("75", 75), ("90", 90), ("95", 95), ("99", 99), ("99.9", 99.9), ("99.99", 99.99),
    ]

    /// Lines for a person, beside those of kafka-producer-perf-test.
    var notices: [String] {
        let percentiles = Self.percents.map {
            "\($0.name)th \(NumberText.fixed(total.percentile($0.percent), digits: 2))"
        }
        return [
            "latency in ms, from the time at which each record was to be sent: " + percentiles.joined(separator: ", "),
            "\(NumberText.fixed(cpuSecondsPerMillion, digits: 3)) CPU s per million records, peak memory "
                + "\(NumberText.bytes(peakMemory)); batches of \(NumberText.bytes(batches.average)), requests of "
                + NumberText.bytes(requestSize) + (limit.map { "; " + $0.clause } ?? ""),
        ]
    }
}
