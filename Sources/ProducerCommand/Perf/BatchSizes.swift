// SPDX-License-Identifier: Apache-2.0
import Histogram

/// How large the acknowledged batches were, as sent.
struct BatchSizes: Sendable {
    private var histogram = Histogram<UInt64>(
        highestTrackableValue: 1 << 30,
        numberOfSignificantValueDigits: .two
    )
    private(set) var count: UInt64 = 0
    private(set) var bytes: UInt64 = 0
    private(set) var records: UInt64 = 0
    private(set) var largest = 0

    mutating func record(bytes size: Int, records number: Int) {
        count += 1
        bytes += UInt64(size)
        records += UInt64(number)
        largest = max(largest, size)
        histogram.record(UInt64(min(max(size, 0), 1 << 30)))
    }

    /// In bytes; 0 for no batches.
    var average: Double { count > 0 ? Double(bytes) / Double(count) : 0 }

    /// The size that `percent` of all batches did not exceed, in bytes.
    func percentile(_ percent: Double) -> UInt64 {
        count > 0 ? min(histogram.valueAtPercentile(percent), UInt64(largest)) : 0
    }
}
