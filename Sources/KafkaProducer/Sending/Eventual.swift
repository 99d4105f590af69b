// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// A value that comes once, from a callback, for any number of tasks that wait for it.
///
/// A task that is cancelled stops waiting; the value comes all the same, and the other tasks go on waiting for it.
final class Eventual<Value: Sendable>: Sendable {
    private typealias Waiter = CheckedContinuation<Value?, Never>

    private struct State {
        var value: Value?
        var waiters: [(number: UInt64, waiter: Waiter)] = []
        var nextNumber: UInt64 = 0
    }

    private let state = Mutex(State())

    /// The value, if it has come.
    var current: Value? { state.withLock { $0.value } }

    /// The value is there. The first one counts.
    func come(_ value: Value) {
        let waiters = state.withLock { state -> [(number: UInt64, waiter: Waiter)] in
            guard state.value == nil else { return [] }
            state.value = value
            defer { state.waiters = [] }
            return state.waiters
        }
        for (_, waiter) in waiters { waiter.resume(returning: value) }
    }

    /// Waits for the value, as long as that takes.
    func value() async -> Value {
        while true {
            if let value = await wait(endsWithTask: false) { return value }
        }
    }

    /// Waits for the value; `nil` when the task is cancelled before it comes.
    func valueUnlessCancelled() async -> Value? {
        let number = state.withLock { state in
            defer { state.nextNumber += 1 }
            return state.nextNumber
        }
        return await withTaskCancellationHandler {
            await wait(endsWithTask: true, number)
        } onCancel: {
            let waiter = state.withLock { state -> Waiter? in
                guard let place = state.waiters.firstIndex(where: { $0.number == number }) else { return nil }
                return state.waiters.remove(at: place).waiter
            }
            waiter?.resume(returning: nil)
        }
    }

    private func wait(endsWithTask: Bool, _ number: UInt64 = .max) async -> Value? {
        await withCheckedContinuation { continuation in
            let (isOver, value) = state.withLock { state -> (Bool, Value?) in
                if let value = state.value { return (true, value) }
                // Looked at under the lock: the handler of a later cancellation finds the waiter.
                if endsWithTask, Task.isCancelled { return (true, nil) }
                state.waiters.append((number, continuation))
                return (false, nil)
            }
            if isOver { continuation.resume(returning: value) }
        }
    }
}

extension Eventual where Value == Void {
    /// It has happened.
    func come() { come(()) }
}
