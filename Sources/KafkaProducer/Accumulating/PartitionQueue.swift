// SPDX-License-Identifier: Apache-2.0
import DequeModule
import KafkaRecords
import NIOCore
import Synchronization

/// The batches of one partition that are not in flight: the open one, and those that are closed, oldest first.
///
/// Appending threads and the event loop meet here, and only here, under the `Mutex` of its state. That is never held for
/// long: a thread that appends a whole run borrows the open batch, under a lock of the appending threads' own.
final class PartitionQueue: Sendable {
    struct State: ~Copyable, Sendable {
        var open: OpenBatch?
        /// What is known of the open batch while a thread has it.
        private(set) var borrowed: BorrowedBatch?
        /// Closed batches: being sealed, waiting to be sent, or waiting to be sent again.
        var closed: Deque<ProducerBatch> = []
        /// Whether the sender's list of queues to look at has this one.
        private(set) var isListed = false
        /// The size of a batch here as the last ones were: what the next one is likely to need.
        private(set) var usualSize = 0
        /// Another topic has taken the name: no record comes in any more.
        private(set) var isRetired = false

        /// Batches that wait here.
        var count: Int { closed.count + (open == nil && borrowed == nil ? 0 : 1) }
    }

    /// The open batch, while a thread that appends to it has it.
    struct BorrowedBatch: Sendable {
        let createdAt: NIODeadline
        /// Its bytes when the thread took it.
        var size = 0
        /// Whether it waited for no more records then.
        var isReady = false
        /// The sender would have taken it: the thread that gives it back closes it and wakes the sender.
        var isWanted = false
    }

    let topic: String
    let partition: Int32
    /// The queue's number among all queues of the producer, in the order of their making.
    let number: Int
    let state = Mutex(State())
    /// Held by a thread while it appends, for as long as that takes; taken before `state`. The event loop never waits for
    /// it.
    let appending = Mutex(())
    let estimator: CompressionRatioEstimator
    let growth: GrowthLimit

    init(
        topic: String,
        partition: Int32,
        number: Int,
        estimator: CompressionRatioEstimator,
        growth: GrowthLimit = GrowthLimit()
    ) {
        self.growth = growth
        self.topic = topic
        self.partition = partition
        self.number = number
        self.estimator = estimator
    }
}

extension PartitionQueue.State {
    /// Takes no record from now on, but from a thread that has the open batch. The others look for the topic's new queues.
    mutating func retire() { isRetired = true }

    /// Whether nothing is here, or can come, but sealed batches.
    var isSettled: Bool { isRetired && openCreatedAt == nil && closed.allSatisfy(\.isSealed) }

    /// Hands the open batch to a thread that holds `appending`.
    mutating func borrowOpenBatch() -> OpenBatch? {
        guard let batch = open.take() else {
            borrowed = nil
            return nil
        }
        borrowed = PartitionQueue.BorrowedBatch(
            createdAt: batch.createdAt,
            size: batch.builder.size,
            isReady: batch.isReady
        )
        return batch
    }

    /// A thread has opened a batch and still has it.
    ///
    /// - Returns: whether the queue takes it. If not, the batch is to be given up.
    mutating func openedBatch(at createdAt: NIODeadline) -> Bool {
        guard !isRetired else { return false }
        borrowed = PartitionQueue.BorrowedBatch(createdAt: createdAt)
        return true
    }

    /// Takes the open batch back; `nil` if it came to nothing.
    ///
    /// - Returns: whether the sender waits for it.
    mutating func giveBack(_ batch: consuming OpenBatch?) -> Bool {
        let isWanted = borrowed?.isWanted ?? false
        borrowed = nil
        open = batch
        return isWanted
    }

    /// Notes that the sender waits for a batch that a thread has.
    mutating func wantBorrowedBatch() { borrowed?.isWanted = true }

    /// Puts batches back to the front: in order of their sequences among others that were sent before.
    mutating func requeue(_ batches: [ProducerBatch], order: PartitionSequences) {
        for batch in batches.reversed() {
            let rank = order.rank(of: batch.ticket)
            let place = rank.map { rank in
                closed.prefix { other in order.rank(of: other.ticket).map { $0 < rank } ?? false }.count
            }
            closed.insert(batch, at: place ?? 0)
        }
    }

    /// There is news for the sender.
    ///
    /// - Returns: whether the queue must be put onto its list.
    mutating func list() -> Bool {
        defer { isListed = true }
        return !isListed
    }

    /// The sender looks at the queue: it was taken off the list.
    mutating func unlist() { isListed = false }

    /// When the open batch was opened, if there is one, wherever it is.
    var openCreatedAt: NIODeadline? {
        switch open {
        case .some(let batch): batch.createdAt
        case .none: borrowed?.createdAt
        }
    }

    /// The bytes of the open batch so far, if there is one and no thread has it.
    var openSize: Int? {
        switch open {
        case .some(let batch): batch.builder.size
        case .none: nil
        }
    }

    /// Whether the open batch, wherever it is, waits for no more records.
    var isOpenReady: Bool {
        switch open {
        case .some(let batch): batch.isReady
        case .none: borrowed?.isReady ?? false
        }
    }

    /// Whether nothing waits here.
    var isEmpty: Bool { closed.isEmpty && openCreatedAt == nil }

    /// Takes all sealed batches out, or those of them that are wanted.
    mutating func takeSealed(where isWanted: (ProducerBatch) -> Bool = { _ in true }) -> [ProducerBatch] {
        var taken: [ProducerBatch] = []
        closed.removeAll { batch in
            // Looked at once: a worker may be about to seal it.
            guard batch.isSealed, isWanted(batch) else { return false }
            taken.append(batch)
            return true
        }
        return taken
    }

    /// Closes the open batch and queues it. The caller hands it to the sealer once the lock is left. One that a thread
    /// has cannot be closed now; the sender is woken when it is back.
    mutating func closeOpenBatch(of queue: PartitionQueue) -> ProducerBatch? {
        wantBorrowedBatch()
        guard let open = open.take() else { return nil }
        usualSize = max(open.builder.size, usualSize / 2)
        let batch = ProducerBatch(closing: open, queue: queue)
        closed.append(batch)
        return batch
    }
}
