// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Testing

@testable import KafkaProducer

/// Which sequence a batch gets, and what becomes of those that are on their way.
@Suite("PartitionSequences")
struct PartitionSequencesTests {
    private typealias Ticket = PartitionSequences.Ticket

    /// A batch of so many records with its sequence, after those before it.
    private func assign(_ count: Int, in sequences: inout PartitionSequences, epoch: Int16 = 0) -> Ticket {
        sequences.assign(recordCount: count, id: 7, epoch: epoch)
    }

    private func number(_ base: Int32, epoch: Int16 = 0) -> BatchSequence {
        BatchSequence(producerID: 7, producerEpoch: epoch, baseSequence: base)
    }

    @Test("sequences count records, from 0")
    func assigns() {
        var sequences = PartitionSequences()
        let first = assign(3, in: &sequences)
        let second = assign(2, in: &sequences)
        #expect(sequences.sequence(of: first) == number(0))
        #expect(sequences.sequence(of: second) == number(3))
        #expect(sequences.next == 5)
        #expect(sequences.pendingCount == 2)
    }

    @Test("a new id or epoch begins at 0 again")
    func newEpoch() {
        var sequences = PartitionSequences()
        sequences.acked(assign(3, in: &sequences))
        let next = assign(2, in: &sequences, epoch: 1)
        #expect(sequences.sequence(of: next) == number(0, epoch: 1))
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
        #expect(sequences.pendingCount == 0)
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
        #expect(sequences.sequence(of: first)?.baseSequence == Int32.max - 1)
        #expect(sequences.sequence(of: second)?.baseSequence == 1)
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
        let first = assign(3, in: &sequences)
        let old = assign(2, in: &sequences)
        sequences.acked(first)
        // Another batch begins the next epoch while this one still has its old number.
        _ = assign(1, in: &sequences, epoch: 1)
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
        #expect(!sequences.mayDrain(nil, id: 7, epoch: 1))
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
        for ticket in [first, second] { _ = sequences.departed(ticket) }
        sequences.restart(id: 7, epoch: 1)
        _ = sequences.departed(first)
        sequences.acked(first)
        #expect(sequences.wasResequenced(second) && !sequences.mayDrainNew(id: 7, epoch: 1))
        _ = sequences.departed(second)
        #expect(sequences.mayDrainNew(id: 7, epoch: 1))
    }

    @Test("nothing new is sent while a batch is unresolved")
    func waitsForResolution() {
        var sequences = PartitionSequences()
        sequences.gaveUp(assign(1, in: &sequences))
        #expect(!sequences.mayDrainNew(id: 7, epoch: 0))
    }

    // MARK: more than a broker remembers

    /// So many batches of one record behind one that is acked, sent, and not answered.
    private func unanswered(_ count: Int, in sequences: inout PartitionSequences) -> [Ticket] {
        sequences.acked(assign(1, in: &sequences), baseOffset: 100)
        let tickets = (0..<count).map { _ in assign(1, in: &sequences) }
        for ticket in tickets { _ = sequences.departed(ticket) }
        return tickets
    }

    @Test("of as many as a broker remembers the first is sent again, though others are underway")
    func remembered() {
        var sequences = PartitionSequences()
        let tickets = unanswered(5, in: &sequences)
        sequences.returned(tickets[0], .networkException)
        #expect(sequences.nextAgain == tickets[0])
    }

    @Test("of more the fifth from the end is, once nothing is underway")
    func probe() {
        var sequences = PartitionSequences()
        let tickets = unanswered(12, in: &sequences)
        for ticket in tickets.dropLast() { sequences.returned(ticket, .networkException) }
        #expect(sequences.nextAgain == nil && !sequences.mayDrain(tickets[0], id: 7, epoch: 0))
        sequences.returned(tickets[11], .networkException)
        #expect(sequences.nextAgain == tickets[7])
    }

    @Test("if it is stored, so are those before it; if it is refused, the next to be asked about is five before it")
    func probeAnswered() {
        var sequences = PartitionSequences()
        let tickets = unanswered(12, in: &sequences)
        for ticket in tickets { sequences.returned(ticket, .networkException) }
        _ = sequences.departed(tickets[7])
        sequences.returned(tickets[7], .outOfOrderSequenceNumber)
        #expect(sequences.verdict(on: .outOfOrderSequenceNumber, ticket: tickets[7], logStartOffset: -1) == .retry)
        #expect(sequences.nextAgain == tickets[2])
        _ = sequences.departed(tickets[2])
        sequences.acked(tickets[2], baseOffset: 103)
        #expect(tickets.prefix(2).allSatisfy { sequences.isKnownStored($0) })
        #expect(!tickets.dropFirst(3).contains { sequences.isKnownStored($0) })
        for ticket in tickets.prefix(2) { sequences.acked(ticket) }
        #expect(sequences.nextAgain == tickets[3] && sequences.lastAcked == 3)
    }

    @Test("a place in the log that has no room for those before it says nothing of them")
    func lostLog() {
        var sequences = PartitionSequences()
        let tickets = unanswered(12, in: &sequences)
        for ticket in tickets { sequences.returned(ticket, .networkException) }
        _ = sequences.departed(tickets[7])
        // 101 and the seven records before it are the least that a log without a loss could have.
        sequences.acked(tickets[7], baseOffset: 107)
        #expect(!tickets.contains { sequences.isKnownStored($0) })
    }

    @Test("room is needed for those behind what is acked, not for those that were overtaken before")
    func roomBehindAcked() {
        var sequences = PartitionSequences()
        let tickets = unanswered(12, in: &sequences)
        sequences.returned(tickets[0], .notEnoughReplicasAfterAppend)
        sequences.acked(tickets[1], baseOffset: 102)
        sequences.returned(tickets[2], .notEnoughReplicasAfterAppend)
        for index in 3...7 { sequences.acked(tickets[index], baseOffset: 101 + Int64(index)) }
        #expect(sequences.isKnownStored(tickets[0]) && sequences.isKnownStored(tickets[2]))
    }

    @Test("refusals that contradict each other are asked about again, before a gap is believed")
    func contradiction() {
        var sequences = PartitionSequences()
        let tickets = unanswered(7, in: &sequences)
        for ticket in tickets { sequences.returned(ticket, .networkException) }
        func refuse(_ ticket: Ticket) -> PartitionSequences.Verdict {
            _ = sequences.departed(ticket)
            sequences.returned(ticket, .outOfOrderSequenceNumber)
            return sequences.verdict(on: .outOfOrderSequenceNumber, ticket: ticket, logStartOffset: -1)
        }
        for _ in 0..<3 {
            #expect(sequences.nextAgain == tickets[2])
            #expect(refuse(tickets[2]) == .retry)
            #expect(sequences.nextAgain == tickets[0])
            #expect(refuse(tickets[0]) == .retry)
        }
        #expect(refuse(tickets[2]) == .retry)
        #expect(refuse(tickets[0]) == .retryAfterEpochBump)
    }

    @Test("one that was overtaken by more than a broker remembers is stored, whatever it is answered")
    func overtaken() {
        var sequences = PartitionSequences()
        let tickets = unanswered(7, in: &sequences)
        sequences.returned(tickets[0], .notEnoughReplicasAfterAppend)
        #expect(sequences.nextAgain == nil, "those underway may push it out of the broker's memory")
        for ticket in tickets.dropFirst().prefix(4) { sequences.acked(ticket) }
        // Two more are underway.
        #expect(sequences.isKnownStored(tickets[0]))
        sequences.restart(id: 7, epoch: 1)
        #expect(!sequences.isKnownStored(tickets[0]), "under its new number it is not")
    }

    // MARK: verdicts

    @Test("other errors, and batches without a sequence, are no matter of sequences")
    func notAboutSequences() {
        var sequences = PartitionSequences()
        let batch = assign(1, in: &sequences)
        let error = ErrorCode.outOfOrderSequenceNumber
        #expect(sequences.verdict(on: error, ticket: nil, logStartOffset: -1) == .notAboutSequences)
        #expect(sequences.verdict(on: .notLeaderOrFollower, ticket: batch, logStartOffset: 0) == .notAboutSequences)
    }

    @Test("out of order: the next batch has met a gap, any other waits for those before it")
    func outOfOrder() {
        var sequences = PartitionSequences()
        let first = assign(2, in: &sequences)
        let second = assign(1, in: &sequences)
        let error = ErrorCode.outOfOrderSequenceNumber
        #expect(sequences.verdict(on: error, ticket: second, logStartOffset: -1) == .retry)
        #expect(sequences.verdict(on: error, ticket: first, logStartOffset: -1) == .retryAfterEpochBump)
        sequences.acked(first)
        #expect(sequences.verdict(on: error, ticket: second, logStartOffset: -1) == .retryAfterEpochBump)
    }

    @Test("out of order: a batch that was numbered anew is answered for its old number")
    func outOfOrderAfterRestart() {
        var sequences = PartitionSequences()
        let batch = assign(2, in: &sequences)
        _ = sequences.departed(batch)
        sequences.restart(id: 7, epoch: 1)
        #expect(sequences.verdict(on: .outOfOrderSequenceNumber, ticket: batch, logStartOffset: -1) == .retry)
    }

    @Test("out of order: behind an unresolved batch the first one has met a gap, the others wait")
    func outOfOrderUnresolved() {
        var sequences = PartitionSequences()
        let expired = assign(2, in: &sequences)
        let second = assign(1, in: &sequences)
        let third = assign(1, in: &sequences)
        sequences.gaveUp(expired)
        let error = ErrorCode.outOfOrderSequenceNumber
        #expect(sequences.verdict(on: error, ticket: second, logStartOffset: -1) == .retryAfterEpochBump)
        #expect(sequences.verdict(on: error, ticket: third, logStartOffset: -1) == .retry)
    }

    @Test("unknown producer id: another try when the broker tells no log start, or when it was numbered anew")
    func unknownProducerID() {
        var sequences = PartitionSequences()
        let batch = assign(2, in: &sequences)
        let error = ErrorCode.unknownProducerID
        #expect(sequences.verdict(on: error, ticket: batch, logStartOffset: -1) == .retry)
        #expect(sequences.verdict(on: error, ticket: batch, logStartOffset: 0) == .retryAfterEpochBump)
        _ = sequences.departed(batch)
        sequences.restart(id: 7, epoch: 1)
        #expect(sequences.verdict(on: error, ticket: batch, logStartOffset: 0) == .retry)
    }

    @Test("a batch stored under its old number leaves the new epoch to those behind it")
    func storedUnderOldNumber() {
        var sequences = PartitionSequences()
        let first = assign(2, in: &sequences)
        let second = assign(3, in: &sequences)
        _ = sequences.departed(first)
        _ = sequences.departed(second)
        sequences.restart(id: 7, epoch: 1)
        #expect(sequences.sequence(of: second) == number(2, epoch: 1))
        sequences.acked(first)
        #expect(sequences.sequence(of: second) == number(0, epoch: 1))
        #expect(sequences.next == 3)
        #expect(sequences.lastAcked == nil)
    }

    @Test("stored under its old number after the new epoch had begun, it leaves a gap that answers must tell")
    func storedUnderOldNumberTooLate() {
        var sequences = PartitionSequences()
        let first = assign(2, in: &sequences)
        let second = assign(3, in: &sequences)
        let third = assign(1, in: &sequences)
        for ticket in [first, second, third] { _ = sequences.departed(ticket) }
        sequences.restart(id: 7, epoch: 1)
        _ = sequences.departed(first)
        sequences.acked(first)
        // Its numbers are not given to the third, which the broker could take for one that it has.
        sequences.acked(second)
        #expect(sequences.sequence(of: third) == number(5, epoch: 1))
        #expect(sequences.isUnresolved)
        _ = sequences.departed(third)
        let verdict = sequences.verdict(on: .outOfOrderSequenceNumber, ticket: third, logStartOffset: -1)
        #expect(verdict == .retryAfterEpochBump)
    }

    @Test("an old epoch is refused only if the batch has that one still")
    func oldEpoch() {
        var sequences = PartitionSequences()
        let batch = assign(1, in: &sequences)
        _ = sequences.departed(batch)
        #expect(sequences.verdict(on: .invalidProducerEpoch, ticket: batch, logStartOffset: -1) == .notAboutSequences)
        sequences.restart(id: 7, epoch: 1)
        #expect(sequences.verdict(on: .invalidProducerEpoch, ticket: batch, logStartOffset: -1) == .retry)
    }

    @Test("out of order under its new number is a gap again, not an endless retry")
    func outOfOrderUnderNewNumber() {
        var sequences = PartitionSequences()
        let batch = assign(2, in: &sequences)
        _ = sequences.departed(batch)
        sequences.restart(id: 7, epoch: 1)
        _ = sequences.departed(batch)
        let verdict = sequences.verdict(on: .outOfOrderSequenceNumber, ticket: batch, logStartOffset: -1)
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
        sequences.restart(id: 7, epoch: 1)
        #expect(sequences.pendingCount == 2)
        #expect([first, second].map { sequences.sequence(of: $0) } == [number(0, epoch: 1), number(2, epoch: 1)])
        #expect(sequences.next == 5 && sequences.lastAcked == nil && !sequences.isUnresolved)
    }

    @Test(
        "the parts of a batch stand where it stood, and share its sequences out among them, beyond the last number too"
    )
    func divided() {
        var sequences = PartitionSequences(producerID: 7, producerEpoch: 0, next: .max - 10, lastAcked: .max - 11)
        let first = assign(1, in: &sequences)
        let large = assign(20, in: &sequences)
        let last = assign(1, in: &sequences)
        let parts = sequences.divided(large, into: [8, 8, 4])
        #expect(parts.map { sequences.sequence(of: $0) } == [number(.max - 9), number(.max - 1), number(6)])
        #expect(([first] + parts + [last]).map { sequences.rank(of: $0) } == [0, 1, 2, 3, 4])
        #expect(sequences.sequence(of: large) == nil && sequences.sequence(of: last) == number(10))
        // What has no number has none to share.
        #expect(sequences.divided(large, into: [1, 1]).isEmpty && sequences.pendingCount == 5)
    }

    @Test("a batch that is not pending any more has no number, and its end changes nothing")
    func ended() {
        var sequences = PartitionSequences()
        let batch = assign(2, in: &sequences)
        sequences.acked(batch)
        sequences.acked(batch)
        sequences.gaveUp(batch)
        #expect(sequences.lastAcked == 1 && !sequences.isUnresolved)
        #expect(sequences.sequence(of: batch) == nil && sequences.departed(batch) == nil)
    }
}
