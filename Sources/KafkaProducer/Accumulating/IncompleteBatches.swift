// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// The batches that are neither delivered nor failed, so that flushing can wait for those that exist now.
final class IncompleteBatches: Sendable {
    private struct State {
        var nextID: UInt64 = 0
        /// How many batches there are of an id: more than one after a division.
        var live: [UInt64: Int] = [:]
        var waiters: [(mark: UInt64, resume: @Sendable () -> Void)] = []
    }

    private let state = Mutex(State())

    /// Batches that are neither delivered nor failed.
    var count: Int { state.withLock { $0.live.count } }

    /// The id of a batch that is opened now.
    func opened() -> UInt64 {
        state.withLock { state in
            defer { state.nextID += 1 }
            state.live[state.nextID] = 1
            return state.nextID
        }
    }

    /// A batch became several, which are incomplete beside it.
    func divided(_ id: UInt64, into parts: Int) {
        state.withLock { $0.live[id, default: 0] += parts }
    }

    /// A batch was delivered, failed, or was given up empty.
    func completed(_ id: UInt64) {
        let ready = state.withLock { state -> [@Sendable () -> Void] in
            let left = (state.live[id] ?? 1) - 1
            state.live[id] = left > 0 ? left : nil
            guard left <= 0, !state.waiters.isEmpty else { return [] }
            let oldest = state.live.keys.min() ?? .max
            let ready = state.waiters.filter { $0.mark <= oldest }
            state.waiters.removeAll { $0.mark <= oldest }
            return ready.map(\.resume)
        }
        for resume in ready { resume() }
    }

    /// Calls `resume` once every batch that is open now is complete; at once if there is none.
    func whenComplete(_ resume: @escaping @Sendable () -> Void) {
        let isComplete = state.withLock { state in
            if state.live.isEmpty { return true }
            state.waiters.append((state.nextID, resume))
            return false
        }
        if isComplete { resume() }
    }
}
