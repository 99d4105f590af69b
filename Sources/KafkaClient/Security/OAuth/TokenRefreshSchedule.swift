// SPDX-License-Identifier: Apache-2.0

/// When a token is replaced by the next one: the rule of the Java client's `ExpiringCredentialRefreshingLogin`. Times are
/// milliseconds since 1970.
struct TokenRefreshSchedule: Sendable {
    /// The wait after a failure, and when a token is over.
    static let retryWait: Int64 = 10_000
    /// The shortest wait: an issuer that gives the same token until its end is not asked ever faster. Java has none.
    static let shortestWait: Int64 = 100

    let settings: TokenRefreshSettings

    /// When the next token is got after this one.
    ///
    /// - Parameters:
    ///   - token: The token that is there.
    ///   - now: The time.
    ///   - random: A number from 0 to 1.
    /// - Returns: The time of the next one.
    func refresh(of token: BearerToken, now: Int64, random: Double) -> Int64 {
        guard now <= token.end else { return now + Self.retryWait }
        return max(refreshInTime(of: token, now: now, random: random), now + Self.shortestWait)
    }

    /// When it is tried again after a failure.
    func retry(now: Int64) -> Int64 { now + Self.retryWait }

    private func refreshInTime(of token: BearerToken, now: Int64, random: Double) -> Int64 {
        let part = settings.windowFactor + settings.windowJitter * min(max(random, 0), 1)
        let (buffer, minimum) = (settings.buffer.milliseconds, settings.minimumPeriod.milliseconds)
        // Too short for both waits: they are passed over.
        if now + minimum + buffer > token.end { return Self.point(part, from: now, to: token.end) }
        let proposed = Self.point(part, from: token.start ?? now, to: token.end)
        if proposed > token.end - buffer { return token.end - buffer }
        return max(proposed, now + minimum)
    }

    private static func point(_ part: Double, from start: Int64, to end: Int64) -> Int64 {
        start + Int64(Double(end - start) * part)
    }
}
