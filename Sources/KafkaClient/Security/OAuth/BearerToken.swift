// SPDX-License-Identifier: Apache-2.0

/// A token with what a client must know of it. Times are milliseconds since 1970.
package struct BearerToken: Sendable, Equatable {
    /// What is sent.
    package let value: Secret
    /// Whose it is.
    package let principal: String
    /// When it began to hold; nil when that is not known.
    package let start: Int64?
    /// When it is over.
    package let end: Int64
    /// What its issuer's time says of this machine's clock; nil when the issuer told none.
    package var clock: ClockComparison?

    /// A token.
    package init(value: Secret, principal: String, start: Int64?, end: Int64) {
        self.value = value
        self.principal = principal
        self.start = start
        self.end = end
    }

    /// Why a broker may refuse it that is not seen in the broker's words: what the clocks say of it.
    ///
    /// - Parameter now: Milliseconds since 1970 by this machine's clock.
    /// - Returns: The end of a sentence; nil when nothing is known.
    func doubt(now: Int64) -> String? {
        if let clock, clock.isApart { return clock.description }
        if end <= now { return "by this machine's clock the token is over since \((now - end) / 1000) s" }
        if let start, start > now + Self.roundingMilliseconds {
            return "by this machine's clock the token begins to hold in \((start - now) / 1000) s only"
        }
        return nil
    }

    /// Times in tokens are whole seconds, which some issuers round up.
    private static let roundingMilliseconds: Int64 = 1000
}
