// SPDX-License-Identifier: Apache-2.0
import DequeModule
import KafkaProtocol
import KafkaRecords
import NIOCore
import Synchronization

/// What the sender knows of one partition beside its queue.
struct PartitionSending {
    let queue: PartitionQueue
    /// The leader by the cluster's last word, renewed with every change of metadata.
    var leader: Int32?
    var leaderEpoch: Int32 = -1
    /// With one request in flight and no idempotence, nothing may overtake the batch that is on its way.
    var isMuted = false
    /// The connection on which the leader has taken a batch and said so; asked for with `acks=0` alone.
    var provenLeader: BrokerConnection.ID?
    var sequences = PartitionSequences()
    /// Batches in the queue, at the last look.
    var queuedBatches = 0
    /// The length that the partitioner knows; `nil` while the partition is not for it to use.
    var publishedLength: Int?
    /// Why nothing more of this partition is sent, under ``FailurePolicy/stopPartition``.
    var stopped: ProducerError?
    /// Sent and not answered.
    var inFlight: [ProducerBatch] = []
    /// Whether the sender's list of queues to look at has this one.
    var isActive = false
    /// Whether somebody was told that the leader is missing.
    var isLeaderMissTold = false
    /// Whether another topic has taken the name: what is here is sent no more, but put into the new topic's queues.
    var isRetired = false
    /// Whether its sequences must begin again in the next epoch.
    var needsEpochBump = false

    init(queue: PartitionQueue) {
        self.queue = queue
    }
}

extension PartitionQueue {
    /// What a look at a queue found.
    enum Readiness: Equatable {
        /// Nothing here.
        case empty
        /// A batch to send now.
        case ready
        /// A batch that is being sealed, or that a thread still appends to; whoever has it wakes the sender.
        case inWork
        /// Nothing to send before this time.
        case notBefore(NIODeadline)
    }

    /// What decides whether a batch is ready.
    struct ReadinessRule {
        var now: NIODeadline
        var linger: TimeAmount
        /// Nothing lingers: memory is short, or somebody flushes, or the producer closes.
        var isUrgent: Bool
        var leaderEpoch: Int32
    }

    /// Whether there is something to send, or when there will be.
    ///
    /// - Returns: what was found, and how many batches wait.
    func readiness(_ rule: ReadinessRule) -> (Readiness, count: Int) {
        state.withLock { state in (state.readiness(rule), state.count) }
    }
}

extension PartitionQueue.State {
    fileprivate mutating func readiness(_ rule: PartitionQueue.ReadinessRule) -> PartitionQueue.Readiness {
        if let first = closed.first {
            if let wait = first.backoff(now: rule.now, leaderEpoch: rule.leaderEpoch) { return .notBefore(wait) }
            return first.isSealed ? .ready : .inWork
        }
        guard let createdAt = openCreatedAt else { return .empty }
        let due = createdAt + rule.linger
        guard rule.isUrgent || due <= rule.now else { return .notBefore(due) }
        guard borrowed != nil else { return .ready }
        wantBorrowedBatch()
        return .inWork
    }

    /// Puts batches back to the front: in order of their sequences among others that were sent before.
    mutating func requeue(_ batches: [ProducerBatch], order: PartitionSequences) {
        for batch in batches.reversed() {
            let rank = order.rank(of: batch)
            let place = rank.map { rank in
                closed.prefix { other in order.rank(of: other).map { $0 < rank } ?? false }.count
            }
            closed.insert(batch, at: place ?? 0)
        }
        isListed = true
    }

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
}

extension ProducerBatch {
    /// Until when the batch waits before its next attempt. A new leader ends the wait (KIP-951).
    func backoff(now: NIODeadline, leaderEpoch: Int32) -> NIODeadline? {
        guard let retryAt, retryAt > now else { return nil }
        if let lastLeaderEpoch, leaderEpoch > lastLeaderEpoch { return nil }
        return retryAt
    }
}
