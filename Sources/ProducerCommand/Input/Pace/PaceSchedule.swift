// SPDX-License-Identifier: Apache-2.0

/// When each record of a paced load may go: as long after the first one as their timestamps are apart, divided by the speed.
///
/// A record without a timestamp, or with an earlier one than those before, goes at once. What is late, since brokers were slow,
/// is caught up with. A value that is asked with the time.
struct PaceSchedule: Sendable {
    private let pace: Pace
    private var first: (timestamp: Int64, time: Double)?

    init(_ pace: Pace) { self.pace = pace }

    /// For how many seconds the record of this timestamp, in milliseconds since 1970, has to wait at this time; 0 when it may
    /// go.
    mutating func wait(for timestamp: Int64?, at time: Double) -> Double {
        guard let timestamp else { return 0 }
        guard let first else {
            first = (timestamp, time)
            return 0
        }
        let apart = (Double(timestamp) - Double(first.timestamp)) / 1000 / pace.speed
        return max(0, first.time + apart - time)
    }
}
