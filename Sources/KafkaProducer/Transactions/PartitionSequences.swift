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
    /// A batch was given up, so that nobody knows whether there is a gap in what the broker has.
    private(set) var isUnresolved = false

    /// Whether the partition's sequences belong to the given id and epoch.
    func belongs(toID id: Int64, epoch: Int16) -> Bool { producerID == id && producerEpoch == epoch }

    /// Whether `batch` may be drained now: a new one not while older ones of another epoch are pending, one that is
    /// sent again only as the first of those pending.
    func mayDrain(_ batch: ProducerBatch, id: Int64, epoch: Int16) -> Bool {
        guard batch.sequence != nil else { return mayDrainNew(id: id, epoch: epoch) }
        return pending.first === batch || pending.isEmpty
    }

    /// Whether a batch without a sequence may be drained now, beside those that are pending.
    ///
    /// Not before one of this id and epoch was stored: a broker that knows nothing of the producer takes any sequence,
    /// so that of the first ones a later one could be stored in place of an earlier one. And not while an earlier one is
    /// still to be answered under a number that it has lost, since that answer decides where the new epoch begins.
    func mayDrainNew(id: Int64, epoch: Int16) -> Bool {
        guard !isUnresolved, !pending.isEmpty else { return !isUnresolved }
        return belongs(toID: id, epoch: epoch) && lastAcked != nil && !pending.contains { $0.wasResequenced }
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
        pending.removeAll { $0 === batch }
        if batch.wasResequenced { return storedUnderOldNumber() }
        guard let sequence = batch.sequence, belongs(toID: sequence.producerID, epoch: sequence.producerEpoch) else {
            return
        }
        let last = Sequence.advance(sequence.baseSequence, by: batch.recordCount - 1)
        // Modulo 2^31, a distance below 2^30 is ahead.
        let distance = lastAcked.map { Sequence.advance(last, by: Int(Int32.max) + 1 - Int($0)) } ?? 1
        if distance > 0, distance < 1 << 30 { lastAcked = last }
    }

    /// A batch was stored under the number that it had before the sequences began again, so that its new number stays
    /// empty. As long as the broker can have nothing of the new epoch, those behind it begin that epoch in its place.
    /// Otherwise the answers to them tell whether there is a gap.
    private mutating func storedUnderOldNumber() {
        let isUntouched = lastAcked == nil && !pending.contains { $0.sentSequence != nil && !$0.wasResequenced }
        guard isUntouched else { return isUnresolved = true }
        for (batch, sequence) in restart(id: producerID, epoch: producerEpoch) { batch.sequence = sequence }
    }

    /// A batch is given up. Its sequences are missing now, unless the broker has stored it all the same: nothing new is
    /// sent until the answers to those behind it have told, or nothing is behind it any more. Only then may sequences
    /// begin again, since a batch that may be stored must keep its number.
    mutating func gaveUp(_ batch: ProducerBatch) {
        guard let place = pending.firstIndex(where: { $0 === batch }) else { return }
        pending.remove(at: place)
        isUnresolved = true
    }

    /// Whether `sequence` is right behind the last one that was acked.
    func isNext(_ sequence: Int32) -> Bool { Sequence.isNext(sequence, after: lastAcked) }

    enum Resolution: Equatable {
        case notYet
        /// The broker had it: all is well.
        case resolved
        /// There is a gap: sequences must begin again in a new epoch.
        case needsEpochBump
    }

    /// Whether what a batch that was given up has left open can be told by now.
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
        // The old number came after the new epoch had begun; the batch is sent again under its new one.
        if error == .invalidProducerEpoch, batch.wasResequenced { return .retry }
        guard error == .outOfOrderSequenceNumber else { return .notAboutSequences }
        if isUnresolved {
            // Only the batch right behind the unresolved one proves a gap; the others wait for it.
            return pending.first === batch ? .retryAfterEpochBump : .retry
        }
        return batch.wasResequenced || !isNext(sequence.baseSequence) ? .retry : .retryAfterEpochBump
    }
}
