// SPDX-License-Identifier: Apache-2.0
import DequeModule
import Synchronization

/// The batches that are neither delivered nor failed, so that flushing can wait for those that exist now.
final class IncompleteBatches: Sendable {
    private struct State {
        /// The batch that `left` begins with: all before it are complete.
        var oldest: UInt64 = 0
        /// Into how many each batch was divided that are not complete; 0 for one that is.
        var left: Deque<UInt32> = []
        var waiters: [(mark: UInt64, resume: @Sendable () -> Void)] = []

        /// How many batches are not complete.
        var count = 0

        var next: UInt64 { oldest + UInt64(left.count) }

        /// Where a batch is counted, unless it was complete long ago.
        func place(of id: UInt64) -> Int? {
            guard id >= oldest, id < next else { return nil }
            return Int(id - oldest)
        }
    }

    private let state = Mutex(State())

    /// Batches that are neither delivered nor failed.
    var count: Int { state.withLock { $0.count } }

    /// A batch was opened.
    ///
    /// - Returns: its id; ids count up.
    func opened() -> UInt64 {
        state.withLock { state in
            state.left.append(1)
            state.count += 1
            return state.next - 1
        }
    }

    /// A batch became several, which are incomplete beside it.
    func divided(_ id: UInt64, into parts: Int) {
        state.withLock { state in
            guard let place = state.place(of: id) else { return }
            state.left[place] += UInt32(parts)
        }
    }

    /// A batch was delivered, failed, or was given up empty.
    func completed(_ id: UInt64) {
        let ready = state.withLock { state -> [@Sendable () -> Void] in
            guard let place = state.place(of: id), state.left[place] > 0 else { return [] }
            state.left[place] -= 1
            guard state.left[place] == 0 else { return [] }
            state.count -= 1
            guard place == 0 else { return [] }
            while state.left.first == 0 {
                state.left.removeFirst()
                state.oldest += 1
            }
            guard !state.waiters.isEmpty else { return [] }
            let oldest = state.oldest
            let ready = state.waiters.filter { $0.mark <= oldest }
            state.waiters.removeAll { $0.mark <= oldest }
            return ready.map(\.resume)
        }
        for resume in ready { resume() }
    }

    /// Calls `resume` once every batch that is open now is complete; at once if there is none.
    func whenComplete(_ resume: @escaping @Sendable () -> Void) {
        let isComplete = state.withLock { state in
            if state.left.isEmpty { return true }
            state.waiters.append((state.next, resume))
            return false
        }
        if isComplete { resume() }
    }
}
