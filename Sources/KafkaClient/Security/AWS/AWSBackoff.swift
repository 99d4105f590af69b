// SPDX-License-Identifier: Apache-2.0

/// How often and when credentials are asked for again that did not come.
struct AWSBackoff: Equatable, Sendable {
    /// The first pause is at most this long.
    private static let base: Duration = .milliseconds(500)

    /// How many attempts follow the first one. The option `awsMaxRetries`.
    var retries = 3
    /// The longest pause. The option `awsMaxBackOffTimeMs`.
    var longest: Duration = .seconds(5)

    /// All attempts.
    var attempts: Int { retries + 1 }

    /// How long to wait behind an attempt that failed, counted from 1: anything up to a limit that doubles.
    func pause(behind attempt: Int, random: Double) -> Duration {
        let limit = min(longest, Self.base * (1 << min(max(attempt - 1, 0), 20)))
        return limit * min(max(random, 0), 1)
    }
}
