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
    /// Those that run; none once the event loop is about to end.
    private let timers = Mutex<[Scheduled<Void>]?>([])

    /// Has deliveries given up after so long, unless the producer has ended by then.
    func limit(_ timeout: Duration, on eventLoop: any EventLoop) {
        timers.withLock { timers in
            guard timers != nil else { return }
            let timer = eventLoop.scheduleTask(in: TimeAmount(clamping: timeout)) { self.patienceEnd.come() }
            timers?.append(timer)
        }
    }

    /// The event loop is about to end: it takes no timer any more, and ends with none.
    func loopEnds() {
        let timers = timers.withLock { $0.take() } ?? []
        for timer in timers { timer.cancel() }
    }
}
