// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// The signal that asks for an end, and the wake-up that makes the reading thread see it.
final class StopRequest: Sendable {
    /// Ends a blocked read.
    let wakeUp: WakeUp
    private let first = Mutex<(signal: Int32, time: ContinuousClock.Instant)?>(nil)

    init(wakeUp: WakeUp) { self.wakeUp = wakeUp }

    /// The signal that came first, or nil when none did.
    var signal: Int32? { first.withLock { $0?.signal } }

    /// When it came.
    var time: ContinuousClock.Instant? { first.withLock { $0?.time } }

    /// Notes a signal; true for the first one.
    func received(_ signal: Int32) -> Bool {
        let isFirst = first.withLock { first in
            guard first == nil else { return false }
            first = (signal, .now)
            return true
        }
        if isFirst { wakeUp.wake() }
        return isFirst
    }
}
