// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// How long requests take to be answered, over all of them.
struct RoundTrips: Sendable {
    private var least: TimeAmount?
    private var sum = TimeAmount.zero
    private var count: Int64 = 0

    /// A request was answered after this time.
    mutating func record(_ time: TimeAmount) {
        least = least.map { min($0, time) } ?? time
        sum = sum + time
        count += 1
    }

    var shortest: Duration? { least.map { .nanoseconds($0.nanoseconds) } }

    var mean: Duration? { count == 0 ? nil : .nanoseconds(sum.nanoseconds / count) }
}
