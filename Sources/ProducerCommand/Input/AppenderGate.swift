// SPDX-License-Identifier: Apache-2.0
import Dispatch
import KafkaProducer
import Synchronization

/// Where the reading thread, which has its first chunk, waits for the cluster to be known.
final class AppenderGate: Sendable {
    private struct State {
        var appender: RecordAppender?
        var isOpen = false
    }

    private let state = Mutex(State())
    private let opened = DispatchSemaphore(value: 0)

    /// Whether the answer is known.
    var isOpen: Bool { state.withLock { $0.isOpen } }

    /// Lets the thread go on with `appender`, or end without one.
    func open(with appender: RecordAppender?) {
        state.withLock { $0 = State(appender: appender, isOpen: true) }
        opened.signal()
    }

    /// The appender, or nil when there will be none.
    @available(*, noasync)
    func wait() -> RecordAppender? {
        opened.wait()
        opened.signal()
        return state.withLock { $0.appender }
    }
}
