// SPDX-License-Identifier: Apache-2.0

/// The time since the beginning of a run.
struct RunClock: Sendable {
    private let begin: ContinuousClock.Instant

    /// A clock that begins now, or began at another time.
    init(begin: ContinuousClock.Instant = .now) { self.begin = begin }

    /// Seconds since the beginning.
    var seconds: Double { begin.duration(to: .now) / .seconds(1) }

    /// Whole microseconds since the beginning.
    var microseconds: UInt64 {
        let (seconds, attoseconds) = begin.duration(to: .now).components
        return UInt64(max(0, seconds)) &* 1_000_000 &+ UInt64(max(0, attoseconds)) / 1_000_000_000_000
    }
}
