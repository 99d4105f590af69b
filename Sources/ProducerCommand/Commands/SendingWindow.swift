// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Bounds how many records, and how many of their bytes, are sent and neither delivered nor failed.
final class SendingWindow: Sendable {
    private struct State {
        var records = 0
        var bytes = 0
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let recordLimit: Int
    private let byteLimit: Int
    private let state = Mutex(State())

    init(recordLimit: Int = 20_000, byteLimit: Int) {
        self.recordLimit = recordLimit
        self.byteLimit = byteLimit
    }

    /// Waits for room, for one caller at a time. A record larger than the window goes alone.
    func enter(bytes: Int) async {
        while true {
            let isIn = state.withLock { state in
                guard fits(bytes, state) else { return false }
                state.records += 1
                state.bytes += bytes
                return true
            }
            if isIn { return }
            await withCheckedContinuation { continuation in
                let hasRoom = state.withLock { state in
                    if fits(bytes, state) { return true }
                    state.waiter = continuation
                    return false
                }
                if hasRoom { continuation.resume() }
            }
        }
    }

    /// A record is delivered or has failed.
    func leave(bytes: Int) {
        let waiter = state.withLock { state in
            state.records -= 1
            state.bytes -= bytes
            return state.waiter.take()
        }
        waiter?.resume()
    }

    private func fits(_ bytes: Int, _ state: State) -> Bool {
        state.records == 0 || (state.records < recordLimit && state.bytes + bytes <= byteLimit)
    }
}
