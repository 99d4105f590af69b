// SPDX-License-Identifier: Apache-2.0

/// Waits that double from attempt to attempt, with jitter, up to a bound (KIP-580).
package struct ExponentialBackoff: Sendable {
    /// How far a wait may lie from its nominal length.
    static let jitter = 0.2

    package let initial: Duration
    package let maximum: Duration

    package init(initial: Duration, maximum: Duration) {
        self.initial = initial
        self.maximum = maximum
    }

    /// The wait after so many failures before this one, counted from 0.
    ///
    /// With a maximum below the initial wait, every wait is the maximum.
    package func wait(afterFailures failures: Int, random: Double = .random(in: -1...1)) -> Duration {
        guard maximum > initial else { return maximum }
        var wait = initial * (1 + Self.jitter * random)
        for _ in 0..<min(failures, 62) where wait < maximum { wait = wait * 2 }
        return min(wait, maximum)
    }
}
