// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Who may ask the sender something from outside, and who still does.
///
/// A task that goes to an event loop that was shut down never runs again. So a task enters before it
/// goes there, which is refused once the end has begun, and the event loop is shut down when the last one has left.
final class SenderVisits: Sendable {
    private struct State {
        var isOpen = true
        var count = 0
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Whether the end has not begun yet.
    var isOpen: Bool { state.withLock(\.isOpen) }

    /// Begins a visit, unless the end has begun. Each one that has begun must ``leave()``.
    func enter() -> Bool {
        state.withLock { state in
            if state.isOpen { state.count += 1 }
            return state.isOpen
        }
    }

    /// Ends a visit.
    func leave() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.count -= 1
            return state.count == 0 ? state.waiter.take() : nil
        }
        waiter?.resume()
    }

    /// Lets no task in any more.
    ///
    /// - Returns: whether it is the first time.
    func close() -> Bool {
        state.withLock { state in
            defer { state.isOpen = false }
            return state.isOpen
        }
    }

    /// Waits, for one task, until all have left. Called after ``close()``.
    func allLeft() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                if state.count > 0 { state.waiter = continuation }
                return state.count == 0
            }
            if isEmpty { continuation.resume() }
        }
    }
}
