// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Passes one result from a callback to one task that awaits it, whichever comes first.
final class CompletionGate: Sendable {
    private enum State {
        case empty
        case waiting(CheckedContinuation<Result<RecordMetadata, ProducerError>, Never>)
        case done(Result<RecordMetadata, ProducerError>)
    }

    private let state = Mutex(State.empty)

    func complete(_ result: Result<RecordMetadata, ProducerError>) {
        let waiter = state.withLock { state -> CheckedContinuation<Result<RecordMetadata, ProducerError>, Never>? in
            defer { state = .done(result) }
            if case .waiting(let continuation) = state { return continuation }
            return nil
        }
        waiter?.resume(returning: result)
    }

    func result() async -> Result<RecordMetadata, ProducerError> {
        await withCheckedContinuation { continuation in
            let result = state.withLock { state -> Result<RecordMetadata, ProducerError>? in
                if case .done(let result) = state { return result }
                state = .waiting(continuation)
                return nil
            }
            if let result { continuation.resume(returning: result) }
        }
    }
}

/// Lets one task wait until the gate is opened. The first to open it counts.
final class OneShotGate: Sendable {
    private enum State {
        case closed
        case waiting(CheckedContinuation<Void, Never>)
        case open
    }

    private let state = Mutex(State.closed)

    func open() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            defer { state = .open }
            if case .waiting(let continuation) = state { return continuation }
            return nil
        }
        waiter?.resume()
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if case .open = state { return true }
                state = .waiting(continuation)
                return false
            }
            if isOpen { continuation.resume() }
        }
    }
}
