// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Decides when a second connection is tried beside one that stays silent while it is set up.
///
/// A connection that was begun while the broker opened its port may wait for long: the system tells its first packets again
/// after one, two, four seconds and so on. A second one, begun now, is answered at once. There is one for each attempt.
struct HedgedSetup: Equatable {
    /// How long the first one may be silent.
    let delay: TimeAmount
    /// When the second one is due; `nil` when none is to come.
    private(set) var dueAt: NIODeadline?

    init(delay: TimeAmount) { self.delay = delay }

    /// An attempt to connect begins.
    mutating func attemptBegan(now: NIODeadline) { dueAt = now + delay }

    /// The attempt has come to an end, good or bad, or the peer has said something.
    mutating func attemptEnded() { dueAt = nil }

    /// Whether to begin the second one now. It is due once.
    mutating func takeDue(now: NIODeadline) -> Bool {
        guard let due = dueAt, due <= now else { return false }
        dueAt = nil
        return true
    }
}
