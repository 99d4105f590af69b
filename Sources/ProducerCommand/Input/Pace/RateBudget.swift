// SPDX-License-Identifier: Apache-2.0

/// How much of a load may go by now: a value that is asked with the time. What was not used of a moment is saved for the
/// next tenth of a second and no longer, so that a stall is not made up for by a burst.
struct RateBudget: Sendable {
    /// For how long a budget is saved up.
    private static let memory = 0.1
    /// What floating point may lose of a whole one, and the shortest wait in seconds: no wait may come to nothing.
    private static let grain = 1e-6

    private let rate: LoadRate
    private var left: Double
    private var last: Double?

    init(_ rate: LoadRate) {
        self.rate = rate
        left = 0
    }

    /// The most that is ever saved up.
    private var most: Double { max(1, rate.perSecond * Self.memory) }

    /// What may go at this time, in seconds of a clock.
    ///
    /// - Returns: How much, at least 1 of its unit, or for how many seconds to wait first.
    mutating func share(at time: Double) -> RateShare {
        left = min(most, left + (last.map { max(0, time - $0) * rate.perSecond } ?? 1))
        last = time
        guard left + Self.grain < 1 else {
            let whole = UInt64(left + Self.grain)
            return .go(rate.unit == .records ? .init(records: whole, bytes: .max) : .init(records: .max, bytes: whole))
        }
        // Some at a time: a wait costs more than a record.
        return .wait(seconds: max(Self.grain, (min(most, max(1, rate.perSecond / 200)) - left) / rate.perSecond))
    }

    /// So much has gone. More than there was is paid back by waiting.
    mutating func spent(records: UInt64, bytes: UInt64) {
        left -= Double(rate.unit == .records ? records : bytes)
    }
}
