// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// The signal, or the outage, that asks for an end, and the wake-up that makes the reading thread see it.
final class StopRequest: Sendable {
    /// Ends a blocked read.
    let wakeUp: WakeUp
    private let outage = Atomic<Bool>(false)
    private let first = Mutex<(signal: Int32, time: ContinuousClock.Instant)?>(nil)

    init(wakeUp: WakeUp) { self.wakeUp = wakeUp }

    /// The signal that came first, or nil when none did.
    var signal: Int32? { first.withLock { $0?.signal } }

    /// When it came.
    var time: ContinuousClock.Instant? { first.withLock { $0?.time } }

    /// Whether the cluster has been away for so long that reading has ended for it.
    var isOutage: Bool { outage.load(ordering: .acquiring) }

    /// Whether nothing more is to be read, for either reason.
    var isRequested: Bool { isOutage || signal != nil }

    /// Ends reading, since the cluster is away.
    func clusterIsAway() {
        outage.store(true, ordering: .releasing)
        wakeUp.wake()
    }

    /// Notes a signal. Called by the one thread that takes signals.
    ///
    /// - Parameters:
    ///   - signal: its number.
    ///   - announce: says what the first signal does, before any thread sees it: else it could be said after the summary.
    /// - Returns: whether it is the first one.
    func received(_ signal: Int32, announce: () -> Void) -> Bool {
        guard self.signal == nil else { return false }
        announce()
        first.withLock { $0 = (signal, .now) }
        wakeUp.wake()
        return true
    }
}
