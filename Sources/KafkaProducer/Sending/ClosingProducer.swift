// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import NIOCore
import Synchronization

/// The end of a producer: who waits for it, and until when deliveries are waited for.
final class ClosingProducer: Sendable {
    /// Comes when the time of one of the callers is over: what is left then is given up.
    let patienceEnd = Eventual<Void>()
    /// Comes when the producer has ended.
    let end = Eventual<Void>()
    private let hasLoop = Mutex(true)

    /// Has deliveries given up after so long.
    ///
    /// - Returns: The timer, which the caller cancels; none once the event loop is about to end.
    func limit(_ timeout: Duration, on eventLoop: any EventLoop) -> Scheduled<Void>? {
        hasLoop.withLock { hasLoop in
            guard hasLoop else { return nil }
            return eventLoop.scheduleTask(in: TimeAmount(clamping: timeout)) { self.patienceEnd.come() }
        }
    }

    /// The event loop is about to end: it takes no timer any more.
    func loopEnds() { hasLoop.withLock { $0 = false } }
}
