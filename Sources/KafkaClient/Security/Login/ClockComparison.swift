// SPDX-License-Identifier: Apache-2.0

/// How far this machine's clock is ahead of another one.
package struct ClockComparison: Sendable, Equatable, CustomStringConvertible {
    /// Whose the other clock is, such as `the token endpoint`.
    package let source: String
    /// Milliseconds; negative when this machine's clock is behind. As exact as the other side tells its time.
    package let aheadMilliseconds: Int64

    /// A comparison.
    package init(source: String, aheadMilliseconds: Int64) {
        self.source = source
        self.aheadMilliseconds = aheadMilliseconds
    }

    /// From this on it is worth a word: less may come from the way, and from times that are told in seconds.
    private static let muchMilliseconds: Int64 = 5000

    /// Whether the clocks differ by more than the way and the rounding explain.
    package var isApart: Bool { aheadMilliseconds.magnitude >= Self.muchMilliseconds }

    /// In words.
    package var description: String {
        guard isApart else {
            return "this machine's clock and that of \(source) differ by less than \(Self.muchMilliseconds / 1000) s"
        }
        let seconds = aheadMilliseconds.magnitude / 1000
        return "this machine's clock is \(seconds) s \(aheadMilliseconds > 0 ? "ahead of" : "behind") that of \(source)"
    }
}
