// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Which producer sent a batch, and the sequence of its first record (KIP-98).
struct BatchSequence: Sendable, Equatable {
    var producerID: Int64
    var producerEpoch: Int16
    var baseSequence: Int32
}

/// The sequence numbers of one partition: what comes next, what was acked, what is in flight (KIP-98, KIP-360).
///
/// A value that knows nothing of batches: a batch that gets a number gets a ticket, by which it asks for its number from then
/// on. Numbers may change, tickets do not.
struct PartitionSequences {
    /// Names a batch among those of its partition.
    struct Ticket: Hashable, Sendable {
        fileprivate let number: UInt64
    }

    /// How many batches of a producer a broker remembers for each partition. One of these that is sent again is answered
    /// with its offset; an older one is refused like one behind a gap (KIP-98).
    static let remembered = 5

    /// Whether an attempt may have stored a batch though it was not acked.
    private enum Doubt {
        case none
        /// An attempt was not answered, or in a way that leaves that open.
        case open
        /// A broker has said since that it is not stored.
        case ruledOut
    }

    /// A batch with a number that is neither acked nor given up.
    private struct Pending {
        let ticket: Ticket
        let recordCount: Int
        var sequence: BatchSequence
        /// The number under which it was sent last.
        var sent: BatchSequence?
        /// Sent, and not answered.
        var isUnderway = false
        var doubt = Doubt.none
        /// Sent again before older ones, to learn how far the log goes.
        var isProbe = false
        /// One behind it is acked, so that it is stored as well if it may be.
        var isOvertaken = false
        /// How many of those behind it ended that may be stored: they may take its place in the broker's memory.
        var endedBehind = 0

        /// Whether it was numbered anew since it was sent, so that an answer is about its old number.
        var wasResequenced: Bool { sent != nil && sent != sequence }
    }

    /// Id and epoch that the sequences belong to.
    private(set) var producerID: Int64
    private(set) var producerEpoch: Int16
    /// The sequence of the next new record.
    private(set) var next: Int32
    private(set) var lastAcked: Int32?
    /// In sequence order, whether sent or waiting for another try.
    private var pending: [Pending] = []
    private var nextTicket: UInt64 = 0
    /// A batch was given up, so that it is not known whether the broker's log has a gap.
    private(set) var isUnresolved = false
    /// The offset behind the last record that was acked, where the broker has said so.
    private var ackedEnd: Int64 = 0
    /// How often refusals contradicted each other since something was acked.
    private var contradictions = 0

    /// The sequences of a partition to which nothing was sent.
    init() { self.init(producerID: -1, producerEpoch: -1, next: 0, lastAcked: nil) }

    /// Sequences that go on from a place.
    init(producerID: Int64, producerEpoch: Int16, next: Int32, lastAcked: Int32?) {
        self.producerID = producerID
        self.producerEpoch = producerEpoch
        self.next = next
        self.lastAcked = lastAcked
    }

    /// How many batches are pending.
    var pendingCount: Int { pending.count }

    /// Whether the partition's sequences belong to the given id and epoch.
    func belongs(toID id: Int64, epoch: Int16) -> Bool { producerID == id && producerEpoch == epoch }

    // MARK: what goes out

    /// Whether a batch may be drained now: a new one, which has no ticket, not while older ones of another epoch are
    /// pending; one that is sent again only in its turn.
    func mayDrain(_ ticket: Ticket?, id: Int64, epoch: Int16) -> Bool {
        guard let ticket else { return mayDrainNew(id: id, epoch: epoch) }
        return pending.isEmpty || nextAgain == ticket
    }

    /// The one of those pending whose turn it is to be sent again, if it is known.
    ///
    /// It is the first one, unless so many behind it may be stored that a broker does not remember it any more: then its refusal
    /// would say nothing. The log has the sequences without a gap, so that one that is remembered if it is stored tells of all
    /// before it: it is sent first, once everything underway is answered. If it is stored, those before it are, too. If it is
    /// refused, it is not stored, and neither is what is behind it, and the turn goes to one before it.
    var nextAgain: Ticket? {
        guard let last = lastPossiblyStored, distance(from: pending.startIndex, to: last) >= Self.remembered else {
            return pending.first?.ticket
        }
        guard !pending.contains(where: \.isUnderway) else { return nil }
        let probe = pending.indices.first { distance(from: $0, to: last) < Self.remembered }
        return pending[min(probe ?? last, last)].ticket
    }

    /// The place of the last batch that may be stored.
    private var lastPossiblyStored: Int? { pending.lastIndex { $0.isUnderway || $0.doubt == .open } }

    /// How many batches behind the one at a place may be stored, if those up to the last one may.
    private func distance(from place: Int, to last: Int) -> Int {
        pending[place].endedBehind + max(0, last - place)
    }

    /// Whether a batch without a sequence may be drained now, beside those that are pending.
    ///
    /// Not before one of this id and epoch was stored: a broker that knows nothing of the producer takes any sequence,
    /// so that of the first ones a later one could be stored in place of an earlier one. And not while an earlier one is
    /// still to be answered under a number that it has lost, since that answer decides where the new epoch begins.
    func mayDrainNew(id: Int64, epoch: Int16) -> Bool {
        guard !isUnresolved, !pending.isEmpty else { return !isUnresolved }
        return belongs(toID: id, epoch: epoch) && lastAcked != nil && !pending.contains(where: \.wasResequenced)
    }

    /// Gives a new batch its sequence.
    mutating func assign(recordCount: Int, id: Int64, epoch: Int16) -> Ticket {
        if !belongs(toID: id, epoch: epoch) { begin(id: id, epoch: epoch) }
        let ticket = makeTicket()
        pending.append(Pending(ticket: ticket, recordCount: recordCount, sequence: take(recordCount)))
        return ticket
    }

    /// A batch is sent, under the number that it has now.
    ///
    /// - Returns: that number; `nil` for a batch that is not pending.
    mutating func departed(_ ticket: Ticket) -> BatchSequence? {
        guard let place = place(of: ticket) else { return nil }
        pending[place].isProbe = place > pending.startIndex && pending[place].sent != nil
        pending[place].isUnderway = true
        pending[place].sent = pending[place].sequence
        return pending[place].sequence
    }

    // MARK: what is asked

    /// A batch's number; `nil` for one that is not pending.
    func sequence(of ticket: Ticket) -> BatchSequence? { place(of: ticket).map { pending[$0].sequence } }

    /// Whether an answer is about a number that the batch has no more.
    func wasResequenced(_ ticket: Ticket?) -> Bool {
        ticket.flatMap(place).map { pending[$0].wasResequenced } ?? false
    }

    /// A batch's place among those that are pending, by sequence; `nil` for one without a sequence.
    func rank(of ticket: Ticket?) -> Int? { ticket.flatMap(place) }

    /// Whether a batch is pending though one behind it is acked.
    var hasOvertaken: Bool { pending.first?.isOvertaken ?? false }

    /// Whether a batch is stored by the word of an answer to one behind it, and too old to be told its offset.
    func isKnownStored(_ ticket: Ticket?) -> Bool {
        // What was ruled out may have been stored since, by what an earlier connection had left behind.
        guard let place = ticket.flatMap(place), pending[place].isOvertaken, pending[place].doubt != .none else {
            return false
        }
        return distance(from: place, to: lastPossiblyStored ?? place) >= Self.remembered
    }

    /// Whether `sequence` is right behind the last one that was acked.
    func isNext(_ sequence: Int32) -> Bool { Sequence.isNext(sequence, after: lastAcked) }

    // MARK: what becomes of it

    /// A batch is stored.
    ///
    /// - Parameters:
    ///   - ticket: The batch.
    ///   - baseOffset: The offset of its first record, `nil` if the broker has not said it.
    mutating func acked(_ ticket: Ticket, baseOffset: Int64? = nil) {
        guard let place = place(of: ticket) else { return }
        let batch = pending.remove(at: place)
        if batch.wasResequenced { return storedUnderOldNumber() }
        guard belongs(toID: batch.sequence.producerID, epoch: batch.sequence.producerEpoch) else { return }
        let last = Sequence.advance(batch.sequence.baseSequence, by: batch.recordCount - 1)
        // Modulo 2^31, a distance below 2^30 is ahead.
        let distance = lastAcked.map { Sequence.advance(last, by: Int(Int32.max) + 1 - Int($0)) } ?? 1
        if distance > 0, distance < 1 << 30 { lastAcked = last }
        contradictions = 0
        noteEnded(behind: place, isAcked: hasRoom(before: place, baseOffset: baseOffset))
        if let baseOffset { ackedEnd = max(ackedEnd, baseOffset + Int64(batch.recordCount)) }
    }

    /// Whether the log has room for what is pending before a place, up to an offset. If not, it has lost its end, and with it what
    /// it knew of the producer, so that it took whatever came first.
    private func hasRoom(before place: Int, baseOffset: Int64?) -> Bool {
        guard let baseOffset, place > pending.startIndex else { return true }
        // Those that were overtaken are before what is acked.
        let needed = pending[..<place].reduce(0) { $0 + ($1.isOvertaken ? 0 : $1.recordCount) }
        return baseOffset >= ackedEnd + Int64(needed)
    }

    /// A batch that stood at a place has ended, and may be stored.
    private mutating func noteEnded(behind place: Int, isAcked: Bool) {
        for earlier in pending[..<place].indices where !pending[earlier].wasResequenced {
            pending[earlier].endedBehind += 1
            if isAcked { pending[earlier].isOvertaken = true }
        }
    }

    /// A batch was not acked, and comes back.
    mutating func returned(_ ticket: Ticket, _ error: ErrorCode) {
        guard let place = place(of: ticket) else { return }
        pending[place].isUnderway = false
        guard !pending[place].wasResequenced else { return }
        if error == .outOfOrderSequenceNumber {
            ruleOut(from: place)
        } else if !error.tellsThatNothingIsStored {
            pending[place].doubt = .open
        }
    }

    /// The batch at a place was refused since the log does not end right before it. It is not stored, nor is what is behind it, if
    /// it was in its turn, and would have been remembered.
    private mutating func ruleOut(from place: Int) {
        guard place == pending.startIndex || pending[place].isProbe else { return }
        let isKnownOtherwise =
            place == pending.startIndex
            && pending.dropFirst(Self.remembered).contains { $0.doubt == .ruledOut }
        if isKnownOtherwise, contradictions < Self.mostContradictions {
            // What was left behind on an earlier connection was stored meanwhile.
            contradictions += 1
            for place in pending.indices where pending[place].doubt == .ruledOut { pending[place].doubt = .open }
        } else {
            for place in place..<pending.endIndex where pending[place].doubt == .open {
                pending[place].doubt = .ruledOut
            }
        }
    }

    /// More than one needs a second connection that has left many requests behind.
    private static let mostContradictions = 3

    /// A batch was stored under the number that it had before the sequences began again, so that its new number stays
    /// empty. As long as the broker can have nothing of the new epoch, those behind it begin that epoch in its place.
    /// Otherwise the answers to them show whether there is a gap.
    private mutating func storedUnderOldNumber() {
        let isUntouched = lastAcked == nil && !pending.contains { $0.sent != nil && !$0.wasResequenced }
        guard isUntouched else { return isUnresolved = true }
        restart(id: producerID, epoch: producerEpoch)
    }

    /// A batch is given up. Its sequences are missing now, unless the broker has stored it all the same: nothing new is
    /// sent until the answers to those behind it have shown which, or nothing is behind it any more. Only then may sequences
    /// begin again, since a batch that may be stored must keep its number.
    mutating func gaveUp(_ ticket: Ticket) {
        guard let place = place(of: ticket) else { return }
        let batch = pending.remove(at: place)
        if batch.isUnderway || batch.doubt == .open, !batch.wasResequenced { noteEnded(behind: place, isAcked: false) }
        isUnresolved = true
    }

    /// A batch was divided into parts of so many records, which share its sequences out among them.
    ///
    /// - Returns: a ticket for each part; none if the batch has no number.
    mutating func divided(_ ticket: Ticket, into counts: [Int]) -> [Ticket] {
        guard let place = place(of: ticket) else { return [] }
        var sequence = pending[place].sequence
        let parts = counts.map { count in
            defer { sequence.baseSequence = Sequence.advance(sequence.baseSequence, by: count) }
            return Pending(ticket: makeTicket(), recordCount: count, sequence: sequence)
        }
        pending.replaceSubrange(place...place, with: parts)
        return parts.map(\.ticket)
    }

    enum Resolution: Equatable {
        case notYet
        /// The broker had it: all is well.
        case resolved
        /// There is a gap: sequences must begin again in a new epoch.
        case needsEpochBump
    }

    /// Whether what a batch that was given up has left open is known by now.
    mutating func resolve() -> Resolution {
        guard isUnresolved, pending.isEmpty else { return .notYet }
        isUnresolved = false
        return isNext(next) ? .resolved : .needsEpochBump
    }

    /// Begins again at 0 in a new epoch; pending batches are numbered anew, in order.
    mutating func restart(id: Int64, epoch: Int16) {
        begin(id: id, epoch: epoch)
        isUnresolved = false
        contradictions = 0
        for place in pending.indices {
            pending[place].sequence = take(pending[place].recordCount)
            // That is about the old numbers.
            pending[place].doubt = .none
            pending[place].isOvertaken = false
            pending[place].endedBehind = 0
        }
    }

    // MARK: verdicts

    /// What an error about sequences asks for.
    enum Verdict: Equatable {
        case retry
        case retryAfterEpochBump
        case notAboutSequences
    }

    /// How to go on after the broker refused a batch's producer id or sequence.
    func verdict(on error: ErrorCode, ticket: Ticket?, logStartOffset: Int64) -> Verdict {
        guard let place = ticket.flatMap(place) else { return .notAboutSequences }
        let batch = pending[place]
        if error == .unknownProducerID {
            return logStartOffset < 0 || batch.wasResequenced ? .retry : .retryAfterEpochBump
        }
        // The old number came after the new epoch had begun; the batch is sent again under its new one.
        if error == .invalidProducerEpoch, batch.wasResequenced { return .retry }
        guard error == .outOfOrderSequenceNumber else { return .notAboutSequences }
        // Those behind it are asked about again.
        if pending.dropFirst(Self.remembered).contains(where: { $0.doubt == .open }) { return .retry }
        if isUnresolved {
            // Only the batch right behind the unresolved one proves a gap; the others wait for it.
            return place == pending.startIndex ? .retryAfterEpochBump : .retry
        }
        return batch.wasResequenced || !isNext(batch.sequence.baseSequence) ? .retry : .retryAfterEpochBump
    }

    // MARK: parts

    /// Sequences begin again at 0 under this id and epoch.
    private mutating func begin(id: Int64, epoch: Int16) {
        (producerID, producerEpoch) = (id, epoch)
        next = 0
        lastAcked = nil
    }

    /// Takes the next so many sequences.
    private mutating func take(_ count: Int) -> BatchSequence {
        defer { next = Sequence.advance(next, by: count) }
        return BatchSequence(producerID: producerID, producerEpoch: producerEpoch, baseSequence: next)
    }

    private mutating func makeTicket() -> Ticket {
        defer { nextTicket += 1 }
        return Ticket(number: nextTicket)
    }

    private func place(of ticket: Ticket) -> Int? { pending.firstIndex { $0.ticket == ticket } }
}

extension ErrorCode {
    /// Whether it refuses a batch before anything of it is stored. Others may come after that: a leader that has stored a batch
    /// and then ceases to lead says only that it does not lead.
    fileprivate var tellsThatNothingIsStored: Bool {
        switch self {
        case .messageTooLarge, .recordListTooLarge, .notEnoughReplicas, .invalidRecord, .corruptMessage,
            .invalidProducerEpoch, .unknownProducerID, .topicAuthorizationFailed:
            true
        default: false
        }
    }
}
