// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Ends what is waited for while inputs are read: for good when the run is to stop, and once for each attempt whose transaction
/// has failed.
final class AttemptWakeUp: Sendable {
    private let stop: WakeUp
    private let current: Mutex<WakeUp>

    init(_ stop: StopRequest) {
        self.stop = stop.wakeUp
        current = Mutex(stop.wakeUp)
    }

    /// A wake-up for the next attempt; the run's own when no descriptor is left.
    func next() -> WakeUp {
        let wakeUp = WakeUp() ?? stop
        current.withLock { $0 = wakeUp }
        if wakeUp !== stop { stop.wakes(wakeUp) }
        return wakeUp
    }

    /// Ends the attempt.
    func wake() {
        let wakeUp = current.withLock { $0 }
        // Nothing but a stop ends the run itself.
        if wakeUp !== stop { wakeUp.wake() }
    }

    var isWoken: Bool { current.withLock { $0 }.isWoken }
}
