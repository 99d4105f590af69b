// SPDX-License-Identifier: Apache-2.0
import Synchronization

@testable import KafkaClient

/// A clock that goes on when the test says so. Whoever waits for it is seen by the test.
final class ManualLoginClock: Sendable {
    private struct State {
        var now: Int64
        var waiting: [(id: Int, wait: Int64, continuation: CheckedContinuation<Void, any Error>)] = []
        var count = 0
        var cancelled: Set<Int> = []
    }

    private let state: Mutex<State>
    private let waits: AsyncStream<Int64>
    private let report: AsyncStream<Int64>.Continuation

    init(_ now: Int64) {
        state = Mutex(State(now: now))
        (waits, report) = AsyncStream<Int64>.makeStream()
    }

    var clock: LoginClock {
        LoginClock(now: { self.state.withLock { $0.now } }, sleep: { try await self.sleep($0) })
    }

    /// A clock whose waits are over at once.
    var hurrying: LoginClock {
        LoginClock(
            now: { self.state.withLock { $0.now } },
            sleep: { wait in
                self.state.withLock { $0.now += wait }
                self.report.yield(wait)
            }
        )
    }

    /// How long somebody waits, once somebody does.
    func nextWait() async -> Int64? {
        for await wait in waits { return wait }
        return nil
    }

    /// Lets the time pass for which somebody waits.
    func passWait() {
        let first = state.withLock { state in
            guard !state.waiting.isEmpty else { return state.waiting.first }
            let first = state.waiting.removeFirst()
            state.now += first.wait
            return first
        }
        first?.continuation.resume()
    }

    /// Time passes, and nobody is woken.
    func pass(_ milliseconds: Int64) { state.withLock { $0.now += milliseconds } }

    private func sleep(_ wait: Int64) async throws {
        let id = state.withLock { state in
            state.count += 1
            return state.count
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isCancelled = state.withLock { state in
                    let isCancelled = state.cancelled.contains(id)
                    if !isCancelled { state.waiting.append((id, wait, continuation)) }
                    return isCancelled
                }
                if isCancelled { continuation.resume(throwing: CancellationError()) } else { report.yield(wait) }
            }
        } onCancel: {
            let cancelled = state.withLock { state in
                state.cancelled.insert(id)
                guard let index = state.waiting.firstIndex(where: { $0.id == id }) else {
                    return state.waiting.last(where: { _ in false })
                }
                return state.waiting.remove(at: index)
            }
            if let cancelled {
                cancelled.continuation.resume(throwing: CancellationError())
                // Whoever waits for the end sees it.
                report.yield(-1)
            }
        }
    }
}
