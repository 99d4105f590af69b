// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Waits for what has no time limit of its own.
package enum TimeLimit {
    /// Runs `body`, and goes on without it when it takes too long.
    ///
    /// What takes too long is left behind and ends by itself, or with the process: a name server cannot be told to hurry.
    ///
    /// - Returns: what it came to; nil when it took too long.
    package static func run<Value: Sendable>(
        _ limit: Duration,
        _ body: @escaping @Sendable () async -> Value
    ) async -> Value? {
        let answer = Answer<Value>()
        return await withCheckedContinuation { continuation in
            answer.wait(continuation)
            // Ended by the answer.
            let timer = Task {
                try? await Task.sleep(for: limit)
                answer.give(nil)
            }
            Task {
                answer.give(await body())
                timer.cancel()
            }
        }
    }

    /// The first answer counts.
    private final class Answer<Value: Sendable>: Sendable {
        private let continuation = Mutex<CheckedContinuation<Value?, Never>?>(nil)

        func wait(_ continuation: CheckedContinuation<Value?, Never>) {
            self.continuation.withLock { $0 = continuation }
        }

        func give(_ value: Value?) { continuation.withLock { $0.take() }?.resume(returning: value) }
    }
}
