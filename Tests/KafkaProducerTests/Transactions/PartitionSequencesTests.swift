// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Testing

@testable import KafkaProducer

/// Which sequence a batch gets, and what becomes of those that are on their way.
@Suite("PartitionSequences")
struct PartitionSequencesTests {
    private let queue = PartitionQueue.test()

    /// A batch of so many records with its sequence, after those before it.
    private func assign(_ count: Int, in sequences: inout PartitionSequences, epoch: Int16 = 0) -> ProducerBatch {
        let batch = queue.batch(ofRecords: count)
        batch.sequence = sequences.assign(to: batch, id: 7, epoch: epoch)
        return batch
    }

    @Test("sequences count records, from 0")
    func assigns() {
        var sequences = PartitionSequences()
        let first = assign(3, in: &sequences)
        let second = assign(2, in: &sequences)
        #expect(first.sequence == BatchSequence(producerID: 7, producerEpoch: 0, baseSequence: 0))
        #expect(second.sequence == BatchSequence(producerID: 7, producerEpoch: 0, baseSequence: 3))
        #expect(sequences.next == 5)
        #expect(sequences.pending.map(\.recordCount) == [3, 2])
    }

    @Test("a new id or epoch begins at 0 again")
    func newEpoch() {
        var sequences = PartitionSequences()
        sequences.acked(assign(3, in: &sequences))
        let next = assign(2, in: &sequences, epoch: 1)
        #expect(next.sequence == BatchSequence(producerID: 7, producerEpoch: 1, baseSequence: 0))
        #expect(sequences.lastAcked == nil)
    }

    @Test("what was acked last is the furthest, in whatever order answers come")
    func acksOutOfOrder() {
        var sequences = PartitionSequences()
        let first = assign(3, in: &sequences)
        let second = assign(2, in: &sequences)
        sequences.acked(second)
        #expect(sequences.lastAcked == 4)
        sequences.acked(first)
        #expect(sequences.lastAcked == 4)
        #expect(sequences.pending.isEmpty)
    }

    @Test("sequences wrap after 2^31 - 1, and what was acked last with them")
    func wraps() {
        var sequences = PartitionSequences(
            producerID: 7,
            producerEpoch: 0,
            next: .max - 1,
            lastAcked: .max - 2
        )
        let first = assign(3, in: &sequences)
        let second = assign(2, in: &sequences)
        #expect(first.sequence?.baseSequence == Int32.max - 1)
        #expect(second.sequence?.baseSequence == 1)
        #expect(sequences.isNext(.max - 1))
        sequences.acked(first)
        #expect(sequences.lastAcked == 0)
        #expect(sequences.isNext(1))
        sequences.acked(second)
        #expect(sequences.lastAcked == 2)
    }

    @Test("the ack of a batch of an older epoch says nothing about this one")
    func oldAck() {
        var sequences = PartitionSequences()
        let old = assign(3, in: &sequences)
        _ = sequences.restart(id: 7, epoch: 1)
        old.sequence = BatchSequence(producerID: 7, producerEpoch: 0, baseSequence: 0)
        sequences.acked(old)
        #expect(sequences.lastAcked == nil)
    }

    // MARK: draining

    @Test("of batches sent before only the first may be sent again")
    func retriesInOrder() {
        var sequences = PartitionSequences()
        let first = assign(1, in: &sequences)
        let second = assign(1, in: &sequences)
        #expect(sequences.mayDrain(first, id: 7, epoch: 0))
        #expect(!sequences.mayDrain(second, id: 7, epoch: 0))
        sequences.acked(first)
        #expect(sequences.mayDrain(second, id: 7, epoch: 0))
        #expect(sequences.rank(of: second) == 0 && sequences.rank(of: first) == nil)
    }

    @Test("a new batch waits for those of an older epoch")
    func waitsForOldEpoch() {
        var sequences = PartitionSequences()
        #expect(sequences.mayDrainNew(id: 7, epoch: 0))
        sequences.acked(assign(1, in: &sequences))
        let old = assign(1, in: &sequences)
        #expect(sequences.mayDrainNew(id: 7, epoch: 0))
        #expect(!sequences.mayDrainNew(id: 7, epoch: 1))
        #expect(!sequences.mayDrain(queue.batch(ofRecords: 1), id: 7, epoch: 1))
        sequences.acked(old)
        #expect(sequences.mayDrainNew(id: 7, epoch: 1))
    }

    @Test("until one is stored, batches go one by one: a broker without an entry takes any sequence")
    func firstOneAlone() {
        var sequences = PartitionSequences()
        let first = assign(1, in: &sequences)
        #expect(!sequences.mayDrainNew(id: 7, epoch: 0))
        sequences.acked(first)
        for _ in 0..<4 {
            #expect(sequences.mayDrainNew(id: 7, epoch: 0))
            _ = assign(1, in: &sequences)
        }
    }

    @Test("nothing new is sent while one that was numbered anew is to be answered under its old number")
    func waitsForOldNumber() {
        var sequences = PartitionSequences()
        let first = assign(1, in: &sequences)
        let second = assign(1, in: &sequences)
        for batch in [first, second] { batch.sentSequence = batch.sequence }
        for (batch, sequence) in sequences.restart(id: 7, epoch: 1) { batch.sequence = sequence }
        first.sentSequence = first.sequence
        sequences.acked(first)
        #expect(second.wasResequenced && !sequences.mayDrainNew(id: 7, epoch: 1))
        second.sentSequence = second.sequence
        #expect(sequences.mayDrainNew(id: 7, epoch: 1))
    }

    @Test("nothing new is sent while a batch is unresolved")
    func waitsForResolution() {
        var sequences = PartitionSequences()
        sequences.gaveUp(assign(1, in: &sequences))
        #expect(!sequences.mayDrainNew(id: 7, epoch: 0))
    }

    // MARK: verdicts

    @Test("other errors, and batches without a sequence, are no matter of sequences")
    func notAboutSequences() {
        var sequences = PartitionSequences()
        let plain = queue.batch(ofRecords: 1)
        let batch = assign(1, in: &sequences)
        let error = ErrorCode.outOfOrderSequenceNumber
        #expect(sequences.verdict(on: error, batch: plain, logStartOffset: -1) == .notAboutSequences)
        #expect(sequences.verdict(on: .notLeaderOrFollower, batch: batch, logStartOffset: 0) == .notAboutSequences)
    }

    @Test("out of order: the next batch has met a gap, any other waits for those before it")
    func outOfOrder() {
        var sequences = PartitionSequences()
        let first = assign(2, in: &sequences)
        let second = assign(1, in: &sequences)
        let error = ErrorCode.outOfOrderSequenceNumber
        #expect(sequences.verdict(on: error, batch: second, logStartOffset: -1) == .retry)
        #expect(sequences.verdict(on: error, batch: first, logStartOffset: -1) == .retryAfterEpochBump)
        sequences.acked(first)
        #expect(sequences.verdict(on: error, batch: second, logStartOffset: -1) == .retryAfterEpochBump)
    }

    @Test("out of order: a batch that was numbered anew is answered for its old number")
    func outOfOrderAfterRestart() {
        var sequences = PartitionSequences()
        let batch = assign(2, in: &sequences)
        batch.sentSequence = BatchSequence(producerID: 7, producerEpoch: -1, baseSequence: 9)
        #expect(sequences.verdict(on: .outOfOrderSequenceNumber, batch: batch, logStartOffset: -1) == .retry)
    }

    @Test("out of order: behind an unresolved batch the first one has met a gap, the others wait")
    func outOfOrderUnresolved() {
        var sequences = PartitionSequences()
        let expired = assign(2, in: &sequences)
        let second = assign(1, in: &sequences)
        let third = assign(1, in: &sequences)
        sequences.gaveUp(expired)
        let error = ErrorCode.outOfOrderSequenceNumber
        #expect(sequences.verdict(on: error, batch: second, logStartOffset: -1) == .retryAfterEpochBump)
        #expect(sequences.verdict(on: error, batch: third, logStartOffset: -1) == .retry)
    }

    @Test("unknown producer id: another try when the broker tells no log start, or when it was numbered anew")
    func unknownProducerID() {
        var sequences = PartitionSequences()
        let batch = assign(2, in: &sequences)
        let error = ErrorCode.unknownProducerID
        #expect(sequences.verdict(on: error, batch: batch, logStartOffset: -1) == .retry)
        #expect(sequences.verdict(on: error, batch: batch, logStartOffset: 0) == .retryAfterEpochBump)
        batch.sentSequence = BatchSequence(producerID: 7, producerEpoch: -1, baseSequence: 9)
        #expect(sequences.verdict(on: error, batch: batch, logStartOffset: 0) == .retry)
    }

    @Test("a batch stored under its old number leaves the new epoch to those behind it")
    func storedUnderOldNumber() {
        var sequences = PartitionSequences()
        let first = assign(2, in: &sequences)
        let second = assign(3, in: &sequences)
        first.sentSequence = first.sequence
        second.sentSequence = second.sequence
        for (batch, sequence) in sequences.restart(id: 7, epoch: 1) { batch.sequence = sequence }
        #expect(second.sequence == BatchSequence(producerID: 7, producerEpoch: 1, baseSequence: 2))
        sequences.acked(first)
        #expect(second.sequence == BatchSequence(producerID: 7, producerEpoch: 1, baseSequence: 0))
        #expect(sequences.next == 3)
        #expect(sequences.lastAcked == nil)
    }

    @Test("stored under its old number after the new epoch had begun, it leaves a gap that answers must tell")
    func storedUnderOldNumberTooLate() {
        var sequences = PartitionSequences()
        let first = assign(2, in: &sequences)
        let second = assign(3, in: &sequences)
        let third = assign(1, in: &sequences)
        for batch in [first, second, third] { batch.sentSequence = batch.sequence }
        for (batch, sequence) in sequences.restart(id: 7, epoch: 1) { batch.sequence = sequence }
        first.sentSequence = first.sequence
        sequences.acked(first)
        // Its numbers are not given to the third, which the broker could take for one that it has.
        sequences.acked(second)
        #expect(third.sequence == BatchSequence(producerID: 7, producerEpoch: 1, baseSequence: 5))
        #expect(sequences.isUnresolved)
        third.sentSequence = third.sequence
        let verdict = sequences.verdict(on: .outOfOrderSequenceNumber, batch: third, logStartOffset: -1)
        #expect(verdict == .retryAfterEpochBump)
    }

    @Test("an old epoch is refused only if the batch has that one still")
    func oldEpoch() {
        var sequences = PartitionSequences()
        let batch = assign(1, in: &sequences)
        batch.sentSequence = batch.sequence
        #expect(sequences.verdict(on: .invalidProducerEpoch, batch: batch, logStartOffset: -1) == .notAboutSequences)
        for (batch, sequence) in sequences.restart(id: 7, epoch: 1) { batch.sequence = sequence }
        #expect(sequences.verdict(on: .invalidProducerEpoch, batch: batch, logStartOffset: -1) == .retry)
    }

    @Test("out of order under its new number is a gap again, not an endless retry")
    func outOfOrderUnderNewNumber() {
        var sequences = PartitionSequences()
        let batch = assign(2, in: &sequences)
        batch.sentSequence = batch.sequence
        for (batch, sequence) in sequences.restart(id: 7, epoch: 1) { batch.sequence = sequence }
        batch.sentSequence = batch.sequence
        let verdict = sequences.verdict(on: .outOfOrderSequenceNumber, batch: batch, logStartOffset: -1)
        #expect(verdict == .retryAfterEpochBump)
    }

    // MARK: resolution and restart

    @Test("an unresolved batch is resolved when a later one was acked")
    func resolved() {
        var sequences = PartitionSequences()
        let expired = assign(2, in: &sequences)
        let later = assign(1, in: &sequences)
        #expect(sequences.resolve() == .notYet)
        sequences.gaveUp(expired)
        #expect(sequences.resolve() == .notYet)
        sequences.acked(later)
        #expect(sequences.resolve() == .resolved)
        #expect(!sequences.isUnresolved)
        #expect(sequences.resolve() == .notYet)
    }

    @Test("an unresolved batch behind which nothing was acked asks for a new epoch")
    func gap() {
        var sequences = PartitionSequences()
        sequences.acked(assign(1, in: &sequences))
        sequences.gaveUp(assign(2, in: &sequences))
        #expect(sequences.resolve() == .needsEpochBump)
    }

    @Test("a restart numbers what is pending anew, in order")
    func restart() {
        var sequences = PartitionSequences()
        sequences.acked(assign(4, in: &sequences))
        sequences.gaveUp(assign(1, in: &sequences))
        let first = assign(2, in: &sequences)
        let second = assign(3, in: &sequences)
        let renumbered = sequences.restart(id: 7, epoch: 1)
        #expect(renumbered.count == 2)
        #expect(renumbered[0].0 === first && renumbered[1].0 === second)
        #expect(
            renumbered.map { $0.1 } == [
                BatchSequence(producerID: 7, producerEpoch: 1, baseSequence: 0),
                BatchSequence(producerID: 7, producerEpoch: 1, baseSequence: 2),
            ]
        )
        #expect(sequences.next == 5 && sequences.lastAcked == nil && !sequences.isUnresolved)
    }

    @Test("the parts of a batch stand where it stood")
    func replace() {
        var sequences = PartitionSequences()
        let first = assign(1, in: &sequences)
        let large = assign(4, in: &sequences)
        let last = assign(1, in: &sequences)
        let parts = [queue.batch(ofRecords: 2), queue.batch(ofRecords: 2)]
        sequences.replace(large, by: parts)
        let pending = sequences.pending
        #expect(pending.count == 4)
        #expect(pending[0] === first && pending[1] === parts[0] && pending[2] === parts[1] && pending[3] === last)
    }
}
