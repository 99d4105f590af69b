// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// The sequence numbers of one partition: what comes next, what was acked, what is on its way (KIP-98, KIP-360).
struct PartitionSequences {
    /// Id and epoch that the sequences belong to.
    private(set) var producerID: Int64 = -1
    private(set) var producerEpoch: Int16 = -1
    /// The sequence of the next new record.
    private(set) var next: Int32 = 0
    private(set) var lastAcked: Int32?
    /// Batches with a sequence that are neither acked nor failed, in sequence order, whether sent or waiting for
    /// another try.
    private(set) var pending: [ProducerBatch] = []
    /// A batch expired after it was sent, so that nobody knows whether the broker has it.
    private(set) var isUnresolved = false

    /// Whether the partition's sequences belong to the given id and epoch.
    func belongs(toID id: Int64, epoch: Int16) -> Bool { producerID == id && producerEpoch == epoch }

    /// Whether `batch` may be drained now: a new one not while older ones of another epoch are pending, one that is
    /// sent again only as the first of those pending.
    func mayDrain(_ batch: ProducerBatch, id: Int64, epoch: Int16) -> Bool {
        guard batch.sequence != nil else { return mayDrainNew(id: id, epoch: epoch) }
        return pending.first === batch || pending.isEmpty
    }

    /// Whether a batch without a sequence may be drained now.
    func mayDrainNew(id: Int64, epoch: Int16) -> Bool {
        !isUnresolved && (pending.isEmpty || belongs(toID: id, epoch: epoch))
    }

    /// A batch's place among those that are pending, by sequence; `nil` for one without a sequence.
    func rank(of batch: ProducerBatch) -> Int? {
        pending.firstIndex { $0 === batch }
    }

    /// Gives a new batch its sequence.
    mutating func assign(to batch: ProducerBatch, id: Int64, epoch: Int16) -> BatchSequence {
        if !belongs(toID: id, epoch: epoch) { begin(id: id, epoch: epoch) }
        let sequence = BatchSequence(producerID: id, producerEpoch: epoch, baseSequence: next)
        next = Sequence.advance(next, by: batch.recordCount)
        pending.append(batch)
        return sequence
    }

    /// Sequences begin again at 0 under this id and epoch.
    private mutating func begin(id: Int64, epoch: Int16) {
        (producerID, producerEpoch) = (id, epoch)
        next = 0
        lastAcked = nil
    }

    /// A batch is stored.
    mutating func acked(_ batch: ProducerBatch) {
        remove(batch)
        if batch.wasResequenced { return restartBehindOldNumber() }
        guard let sequence = batch.sequence, belongs(toID: sequence.producerID, epoch: sequence.producerEpoch) else {
            return
        }
        let last = Sequence.advance(sequence.baseSequence, by: batch.recordCount - 1)
        // Modulo 2^31, a distance below 2^30 is ahead.
        let distance = lastAcked.map { Sequence.advance(last, by: Int(Int32.max) + 1 - Int($0)) } ?? 1
        if distance > 0, distance < 1 << 30 { lastAcked = last }
    }

    /// A batch was stored under the number that it had before the sequences began again. The broker has nothing of the
    /// new epoch, so those behind it, none of which was sent under its new number, begin that epoch in its place.
    private mutating func restartBehindOldNumber() {
        for (batch, sequence) in restart(id: producerID, epoch: producerEpoch) { batch.sequence = sequence }
    }

    /// A batch is given up.
    mutating func remove(_ batch: ProducerBatch) {
        pending.removeAll { $0 === batch }
    }

    /// A batch expired after it was sent.
    mutating func becameUnresolved() { isUnresolved = true }

    /// Whether `sequence` is right behind the last one that was acked.
    func isNext(_ sequence: Int32) -> Bool { Sequence.isNext(sequence, after: lastAcked) }

    enum Resolution: Equatable {
        case notYet
        /// The broker had it: all is well.
        case resolved
        /// There is a gap: sequences must begin again in a new epoch.
        case needsEpochBump
    }

    /// Whether what became unresolved can be told by now.
    mutating func resolve() -> Resolution {
        guard isUnresolved, pending.isEmpty else { return .notYet }
        isUnresolved = false
        return isNext(next) ? .resolved : .needsEpochBump
    }

    /// Begins again at 0 in a new epoch; pending batches are numbered anew, in order.
    ///
    /// - Returns: the pending batches with their new sequences.
    mutating func restart(id: Int64, epoch: Int16) -> [(ProducerBatch, BatchSequence)] {
        begin(id: id, epoch: epoch)
        isUnresolved = false
        return pending.map { batch in
            let sequence = BatchSequence(producerID: id, producerEpoch: epoch, baseSequence: next)
            next = Sequence.advance(next, by: batch.recordCount)
            return (batch, sequence)
        }
    }

    /// Replaces a batch by the parts it was divided into, which share its sequences out among them.
    mutating func replace(_ batch: ProducerBatch, by parts: [ProducerBatch]) {
        guard let index = pending.firstIndex(where: { $0 === batch }) else { return }
        pending.replaceSubrange(index...index, with: parts)
    }

    /// What an error about sequences asks for.
    enum Verdict: Equatable {
        case retry
        case retryAfterEpochBump
        case notAboutSequences
    }

    /// How to go on after the broker refused a batch's producer id or sequence.
    func verdict(on error: ErrorCode, batch: ProducerBatch, logStartOffset: Int64) -> Verdict {
        guard let sequence = batch.sequence else { return .notAboutSequences }
        if error == .unknownProducerID {
            return logStartOffset < 0 || batch.wasResequenced ? .retry : .retryAfterEpochBump
        }
        guard error == .outOfOrderSequenceNumber else { return .notAboutSequences }
        if isUnresolved {
            // Only the batch right behind the unresolved one proves a gap; the others wait for it.
            return pending.first === batch ? .retryAfterEpochBump : .retry
        }
        return batch.wasResequenced || !isNext(sequence.baseSequence) ? .retry : .retryAfterEpochBump
    }
}
