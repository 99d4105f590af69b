// SPDX-License-Identifier: Apache-2.0

/// The waits between attempts to get one token: the rule of the Java client's `Retry`. Times are milliseconds.
///
/// They double without a bound of their own; what is bounded is the time for all attempts together.
struct TokenRetry {
    private let end: Int64
    private var wait: Int64

    /// Begins with the first attempt.
    ///
    /// - Parameters:
    ///   - backoff: The first wait.
    ///   - total: The time for all attempts together.
    ///   - now: The time.
    init(backoff: Duration, total: Duration, now: Int64) {
        end = now + min(total.milliseconds, .max / 4)
        wait = backoff.milliseconds
    }

    /// The wait before the next attempt; nil when there is none.
    mutating func next(now: Int64) -> Int64? {
        let next = min(wait, end - now)
        wait = min(wait, .max / 4) * 2
        return next > 0 ? next : nil
    }

    /// The statuses after which another attempt makes no sense.
    static func isFinal(status: Int) -> Bool {
        switch status {
        case 400...407, 409...415, 501, 505: true
        default: false
        }
    }
}
