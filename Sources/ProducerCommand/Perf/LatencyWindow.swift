// SPDX-License-Identifier: Apache-2.0

/// What was acknowledged since the last line of progress.
struct LatencyWindow: Equatable, Sendable {
    private(set) var records: UInt64 = 0
    private(set) var bytes: UInt64 = 0
    private var total = 0.0
    private var largest: UInt64 = 0

    /// Counts `count` records of the same latency, in microseconds.
    mutating func record(_ latency: UInt64, count: UInt64) {
        records += count
        total += Double(latency) * Double(count)
        largest = max(largest, latency)
    }

    mutating func add(bytes count: UInt64) { bytes += count }

    /// In milliseconds; 0 for no records.
    var average: Double { records > 0 ? total / Double(records) / 1000 : 0 }

    /// In milliseconds.
    var maximum: Double { Double(largest) / 1000 }
}
