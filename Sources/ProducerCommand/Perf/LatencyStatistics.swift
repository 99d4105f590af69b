// SPDX-License-Identifier: Apache-2.0
import Histogram

/// Records, bytes and latencies of a load or of a part of it.
struct LatencyStatistics: Sendable {
    /// Longer latencies count as this: an hour, in microseconds.
    static let longest: UInt64 = 3_600_000_000

    private var histogram = Histogram<UInt64>(
        highestTrackableValue: longest,
        numberOfSignificantValueDigits: .three
    )
    private(set) var records: UInt64 = 0
    /// Keys, values and headers.
    private(set) var bytes: UInt64 = 0
    private var total = 0.0
    private var largest: UInt64 = 0

    /// Counts `count` records of the same latency, in microseconds.
    mutating func record(_ latency: UInt64, count: UInt64) {
        records += count
        total += Double(latency) * Double(count)
        largest = max(largest, latency)
        histogram.record(min(latency, Self.longest), count: count)
    }

    mutating func add(bytes count: UInt64) { bytes += count }

    /// In milliseconds; 0 for no records.
    var average: Double { records > 0 ? total / Double(records) / 1000 : 0 }

    /// In milliseconds.
    var maximum: Double { Double(largest) / 1000 }

    /// The latency that `percent` of all records did not exceed, in milliseconds.
    func percentile(_ percent: Double) -> Double {
        records > 0 ? min(Double(histogram.valueAtPercentile(percent)) / 1000, maximum) : 0
    }
}
