// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// A producer's request that waits until the replicas in sync have its batches, another broker leads, or long enough has been
/// waited.
final class ReplicationWait {
    /// A batch of which it is not said that all have it, and why.
    typealias Failure = (batch: UnconfirmedBatch, code: ErrorCode)

    private var open: [Int: (batch: UnconfirmedBatch, id: Int)] = [:]
    private var failures: [Failure] = []
    private var timeout: Scheduled<Void>?
    private var finish: (([Failure]) -> Void)?

    /// Begins to wait.
    ///
    /// - Parameters:
    ///   - batches: What for, one at least.
    ///   - time: How long at most. After it the others are answered with REQUEST_TIMED_OUT.
    ///   - eventLoop: The loop that all this happens on.
    ///   - finish: Called once with what failed, unless the wait is cancelled.
    init(
        for batches: [UnconfirmedBatch],
        atMost time: TimeAmount,
        on eventLoop: any EventLoop,
        finish: @escaping ([Failure]) -> Void
    ) {
        self.finish = finish
        for (number, batch) in batches.enumerated() {
            let waiting = ReplicaSet.Waiting(end: batch.end) { [weak self] in self?.settle(number, $0) }
            open[number] = (batch, batch.replicas.add(waiting))
        }
        // The replicas hold it weakly, and the timer until the time is over or it ends.
        timeout = eventLoop.assumeIsolated().scheduleTask(in: time) { self.timedOut() }
    }

    private func settle(_ number: Int, _ code: ErrorCode) {
        guard let (batch, _) = open.removeValue(forKey: number) else { return }
        if code != .none { failures.append((batch, code)) }
        if open.isEmpty { end() }
    }

    private func timedOut() {
        for (batch, id) in open.values {
            batch.replicas.forget(id)
            failures.append((batch, .requestTimedOut))
        }
        open.removeAll()
        end()
    }

    private func end() {
        timeout?.cancel()
        timeout = nil
        let body = finish
        finish = nil
        body?(failures)
    }

    /// Ends the wait without finishing it.
    func cancel() {
        timeout?.cancel()
        timeout = nil
        finish = nil
        for (batch, id) in open.values { batch.replicas.forget(id) }
        open.removeAll()
    }
}
