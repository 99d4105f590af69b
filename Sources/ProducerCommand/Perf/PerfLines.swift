// SPDX-License-Identifier: Apache-2.0

/// The lines of kafka-producer-perf-test, so that scripts which read its output read ours.
enum PerfLines {
    private static let megabyte = 1024.0 * 1024

    /// What was acknowledged in a window of so many seconds.
    static func window(_ window: LatencyWindow, seconds: Double) -> String {
        "\(window.records) records sent, \(rates(window.records, window.bytes, seconds, digits: 1)), "
            + "\(NumberText.fixed(window.average, digits: 1)) ms avg latency, "
            + "\(NumberText.fixed(window.maximum, digits: 1)) ms max latency."
    }

    /// The whole load, or with `isSteady` what followed its warm-up.
    static func total(_ statistics: LatencyStatistics, seconds: Double, isSteady: Bool = false) -> String {
        let percentiles = [("50", 50), ("95", 95), ("99", 99), ("99.9", 99.9)].map { name, percent in
            "\(NumberText.fixed(statistics.percentile(percent), digits: 0)) ms \(name)th"
        }
        return "\(statistics.records)\(isSteady ? " steady state" : "") records sent, "
            + "\(rates(statistics.records, statistics.bytes, seconds, digits: 6)), "
            + "\(NumberText.fixed(statistics.average, digits: 2)) ms avg latency, "
            + "\(NumberText.fixed(statistics.maximum, digits: 2)) ms max latency, "
            + percentiles.joined(separator: ", ") + "."
    }

    static func warmup(_ records: UInt64) -> String {
        "Warmup first \(records) records. Steady state results will print after the complete test summary."
    }

    static let steadyState = "In steady state."

    private static func rates(_ records: UInt64, _ bytes: UInt64, _ seconds: Double, digits: Int) -> String {
        // Nothing takes no time at all.
        let seconds = max(seconds, 0.001)
        return "\(NumberText.fixed(Double(records) / seconds, digits: digits)) records/sec "
            + "(\(NumberText.fixed(Double(bytes) / seconds / megabyte, digits: 2)) MB/sec)"
    }
}
