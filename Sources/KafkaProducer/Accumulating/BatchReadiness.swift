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
    /// The size at which it waits no more. Kafka's `batch.size`.
    var batchSize = 16_384

    // MARK: the sender

    /// What the sender found in a queue.
    enum Finding: Equatable {
        /// Nothing here.
        case empty
        /// A batch to send now.
        case ready
        /// A batch that is being sealed; the worker or thread puts the queue onto the sender's list.
        case inWork
        /// Nothing to send before this time.
        case notBefore(NIODeadline)
    }

    /// What the sender found in a queue, and how much of it.
    struct Found: Equatable {
        var finding: Finding
        /// How many batches of `batch.size` wait: a batch that has grown counts as several.
        var length = 0
        /// The bytes that a request could take now, before compression of those that are not compressed yet.
        var bytes = 0
        /// The bytes of the next batch before compression, if it is closed and sealed.
        var closedSize: Int?

        /// Whether a closed batch is the next one, and not the open one.
        var isClosed: Bool { closedSize != nil }
    }

    /// What else decides.
    struct Moment {
        var now: NIODeadline
        /// Nothing lingers: memory is short, or a caller flushes, or the producer closes.
        var isUrgent: Bool
        /// The epoch of the partition's leader.
        var leaderEpoch: Int32
    }

    /// Whether there is something to send, or when there will be. The queue is off the sender's list after that.
    func find(in queue: PartitionQueue, _ moment: Moment) -> Found {
        queue.state.withLock { state in
            state.unlist()
            return find(in: &state, moment)
        }
    }

    private func find(in state: inout PartitionQueue.State, _ moment: Moment) -> Found {
        let openSize = state.openSize ?? state.borrowed?.size
        let length = state.closed.count + (openSize.map { max(1, $0 / batchSize) } ?? 0)
        if let first = state.closed.first {
            if let wait = first.backoff(now: moment.now, leaderEpoch: moment.leaderEpoch) {
                return Found(finding: .notBefore(wait), length: length, closedSize: first.plainSize)
            }
            guard first.isSealed else { return Found(finding: .inWork, length: length) }
            return Found(
                finding: .ready,
                length: length,
                bytes: first.wireSize,
                closedSize: first.plainSize
            )
        }
        guard let createdAt = state.openCreatedAt, let openSize else { return Found(finding: .empty) }
        let due = createdAt + linger
        guard state.isOpenReady || moment.isUrgent || due <= moment.now else {
            return Found(finding: .notBefore(due), length: length)
        }
        return Found(finding: .ready, length: length, bytes: openSize)
    }

    /// Whether a timer for `deadline` is early enough for any batch that is opened from now on.
    func covers(batchesOpenedAfter now: NIODeadline, until deadline: NIODeadline) -> Bool {
        linger > .zero && deadline <= now + linger
    }

    // MARK: threads that append

    /// What a thread that has appended did to a queue.
    struct News: OptionSet {
        let rawValue: Int

        /// A batch was opened.
        static let opened = News(rawValue: 1)
        /// A batch was closed.
        static let closed = News(rawValue: 2)
        /// The open batch waits for no more records, or is twice as large as when it was last told.
        static let grown = News(rawValue: 4)
    }

    /// How a thread that has appended wakes the sender.
    enum Wake: Equatable {
        case notAtAll
        case now
        /// The sender's timer may be early enough.
        case unlessTimerIsSet
    }

    /// How the sender is to be woken after appending.
    func wake(_ news: News) -> Wake {
        if news.contains(.closed) || news.contains(.grown) || news.contains(.opened) && linger <= .zero { return .now }
        return news.contains(.opened) ? .unlessTimerIsSet : .notAtAll
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
