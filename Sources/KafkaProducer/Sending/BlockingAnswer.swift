// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Synchronization

/// Where a thread waits for what a task finds out.
final class BlockingAnswer: Sendable {
    private let result = Mutex<Result<Void, ProducerError>>(.success(()))
    private let isThere = DispatchSemaphore(value: 0)

    func give(_ result: Result<Void, ProducerError>) {
        self.result.withLock { $0 = result }
        isThere.signal()
    }

    @available(*, noasync)
    func wait() -> Result<Void, ProducerError> {
        isThere.wait()
        return result.withLock { $0 }
    }
}
