// SPDX-License-Identifier: Apache-2.0

/// The time since the beginning of a run.
struct RunClock: Sendable {
    private let begin = ContinuousClock.now

    /// Seconds since the beginning.
    var seconds: Double { begin.duration(to: .now) / .seconds(1) }
}
