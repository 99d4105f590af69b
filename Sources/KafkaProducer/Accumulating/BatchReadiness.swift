// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Synchronization

/// When a batch is sent: once it is full, once it has lingered for `linger.ms`, or at once when there is a hurry.
///
/// The one place for that rule: what the sender finds in a queue, when a thread that appends wakes the sender, and for which
/// deadlines the sender's timer is enough.
struct BatchReadiness: Sendable {
    /// How long a batch waits for more records. Kafka's `linger.ms`.
    let linger: TimeAmount

    // MARK: the sender

    /// What the sender found in a queue.
    enum Finding: Equatable {
        /// Nothing here.
        case empty
        /// A batch to send now.
        case ready
        /// A batch that is being sealed, or that a thread still appends to; the worker or thread wakes the sender.
        case inWork
        /// Nothing to send before this time.
        case notBefore(NIODeadline)
    }

    /// What else decides.
    struct Moment {
        var now: NIODeadline
        /// Nothing lingers: memory is short, or a caller flushes, or the producer closes.
        var isUrgent: Bool
        /// The epoch of the partition's leader.
        var leaderEpoch: Int32
    }

    /// Whether there is something to send, or when there will be.
    ///
    /// - Returns: what was found, and how many batches wait.
    func find(in queue: PartitionQueue, _ moment: Moment) -> (Finding, count: Int) {
        queue.state.withLock { state in (find(in: &state, moment), state.count) }
    }

    private func find(in state: inout PartitionQueue.State, _ moment: Moment) -> Finding {
        if let first = state.closed.first {
            if let wait = first.backoff(now: moment.now, leaderEpoch: moment.leaderEpoch) { return .notBefore(wait) }
            return first.isSealed ? .ready : .inWork
        }
        guard let createdAt = state.openCreatedAt else { return .empty }
        let due = createdAt + linger
        guard moment.isUrgent || due <= moment.now else { return .notBefore(due) }
        guard state.borrowed != nil else { return .ready }
        state.wantBorrowedBatch()
        return .inWork
    }

    /// Whether a timer for `deadline` is early enough for any batch that is opened from now on.
    func covers(batchesOpenedAfter now: NIODeadline, until deadline: NIODeadline) -> Bool {
        linger > .zero && deadline <= now + linger
    }

    // MARK: threads that append

    /// How a thread that has appended wakes the sender.
    enum Wake: Equatable {
        case notAtAll
        case now
        /// The sender's timer may be early enough.
        case unlessTimerIsSet
    }

    /// What follows appending.
    ///
    /// - Parameters:
    ///   - closed: Whether a batch was closed.
    ///   - opened: Whether a batch was opened.
    ///   - isWanted: Whether the sender waits for the batch that the thread had.
    /// - Returns: How the sender is to be woken.
    func wake(closed: Bool, opened: Bool, isWanted: Bool) -> Wake {
        if closed || isWanted || opened && linger <= .zero { return .now }
        return opened ? .unlessTimerIsSet : .notAtAll
    }
}

extension ProducerBatch {
    /// Until when the batch waits before its next attempt. A new leader ends the wait (KIP-951).
    func backoff(now: NIODeadline, leaderEpoch: Int32) -> NIODeadline? {
        guard let retryAt, retryAt > now else { return nil }
        if let lastLeaderEpoch, leaderEpoch > lastLeaderEpoch { return nil }
        return retryAt
    }
}
