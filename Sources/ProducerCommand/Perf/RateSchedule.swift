// SPDX-License-Identifier: Apache-2.0

/// When each record of a load is to be sent, counted from its beginning: the times that latency is measured from.
struct RateSchedule: Equatable, Sendable {
    /// Records per second, or nil for as fast as possible.
    let rate: Double?

    /// When record `ordinal`, counted from 0, is due, in microseconds; at once without a rate.
    func microseconds(ofRecord ordinal: UInt64) -> UInt64 {
        guard let rate else { return 0 }
        return UInt64(min(Double(ordinal) * 1_000_000 / rate, 1e18))
    }

    /// How many records should have been sent by `microseconds`: those that are due then or earlier.
    func recordsDue(at microseconds: UInt64) -> UInt64 {
        guard let rate else { return .max }
        var count = UInt64(min(Double(microseconds) * rate / 1_000_000, 1e18)) + 1
        // What floating point lost or won at the edge.
        while count > 0, self.microseconds(ofRecord: count - 1) > microseconds { count -= 1 }
        while self.microseconds(ofRecord: count) <= microseconds { count += 1 }
        return count
    }

    /// How long to sleep at `microseconds` when `sent` records were sent: until the next one is due. Where records are due more
    /// often than sleeping is worth, what becomes due meanwhile is sent in one burst.
    func pause(at microseconds: UInt64, sent: UInt64) -> UInt64 {
        let next = self.microseconds(ofRecord: sent)
        guard next > microseconds else { return 0 }
        let sendsBursts = self.microseconds(ofRecord: 1) < Self.shortestPause
        return sendsBursts ? max(next - microseconds, Self.shortestPause) : next - microseconds
    }

    /// In microseconds. At more than so many records a second several are sent at a time.
    static let shortestPause: UInt64 = 100
}
