// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Synchronization

/// Bounds how many records, and how many of their bytes, are sent and neither delivered nor failed.
final class SendingWindow: Sendable {
    private struct State {
        var records = 0
        var bytes = 0
        var isAwaited = false
    }

    private let recordLimit: Int
    private let byteLimit: Int
    private let state = Mutex(State())
    private let hasLeft = DispatchSemaphore(value: 0)

    init(recordLimit: Int = 20_000, byteLimit: Int) {
        self.recordLimit = recordLimit
        self.byteLimit = byteLimit
    }

    /// Blocks the calling thread until there is room; for one thread. A record larger than the window goes alone.
    @available(*, noasync)
    func enter(bytes: Int) {
        while true {
            let isIn = state.withLock { state in
                guard fits(bytes, state) else {
                    state.isAwaited = true
                    return false
                }
                state.records += 1
                state.bytes += bytes
                return true
            }
            if isIn { return }
            hasLeft.wait()
        }
    }

    /// A record is delivered or has failed.
    func leave(bytes: Int) {
        let isAwaited = state.withLock { state in
            state.records -= 1
            state.bytes -= bytes
            defer { state.isAwaited = false }
            return state.isAwaited
        }
        if isAwaited { hasLeft.signal() }
    }

    private func fits(_ bytes: Int, _ state: State) -> Bool {
        state.records == 0 || (state.records < recordLimit && state.bytes + bytes <= byteLimit)
    }
}
