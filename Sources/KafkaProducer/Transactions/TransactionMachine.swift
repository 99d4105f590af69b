// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// The transactions of one producer, one after the other: what may be done, what is asked of the coordinators, and what their
/// answers mean (KIP-98, KIP-360, KIP-890).
///
/// A value without I/O: calls and answers in, requests and ends of calls out, time as an argument. One request is under way at
/// a time. Which one is next follows from the state alone, so that one that was not answered is asked again by itself.
struct TransactionMachine: ~Copyable {
    enum Phase: Sendable, Equatable {
        /// No id was asked for.
        case uninitialized
        /// An id, or the next epoch, is asked for.
        case initializing
        /// No transaction is open.
        case ready
        /// Records may be sent.
        case open
        /// No records come any more; those that are here are sent, then the transaction is committed.
        case committing
        /// What was sent is waited for, then the transaction is aborted.
        case aborting
        /// The transaction can only be aborted.
        case failed(ProducerError)
        /// Nothing can be done any more.
        case dead(ProducerError)
    }

    /// How far the coordinator knows of the open transaction.
    enum Membership: Sendable, Equatable {
        case none
        /// Something was sent that opens it there, and no answer has shown whether it did.
        case possible
        case known
    }

    /// A call that has come to its end.
    enum Ended: Sendable, Equatable {
        case initialization(ProducerError?)
        case offsets(ticket: Int, ProducerError?)
        case commit(ProducerError?)
        case abort(ProducerError?)
    }

    struct Settings: Sendable {
        var transactionalID: String
        var timeout: TimeAmount
        var retryBackoff: TimeAmount
    }

    /// How long to wait when the transaction before is not complete yet, which takes a few milliseconds.
    static let firstRequestBackoff = TimeAmount.milliseconds(20)

    let settings: Settings
    var phase = Phase.uninitialized
    /// That of the open transaction, or of the next one.
    var transactionProtocol = TransactionProtocol.explicit
    /// What the cluster said last of its feature, and in which epoch of its features.
    private var announced = (protocol: TransactionProtocol.explicit, epoch: Int64.min)
    var identity: ProducerIDAndEpoch?
    /// How many transactions were begun.
    var count = 0
    /// When something was sent that opens the transaction at its coordinator.
    var openedAt: NIODeadline?
    var membership = Membership.none
    private var membershipBefore = Membership.none
    /// Whether a batch was sent since the request that is under way went out.
    private var hasProducedMeanwhile = false
    /// Partitions that are to be added.
    var wanted: [TransactionPartition] = []
    /// Partitions that were added since this was last asked for.
    private var added: [TransactionPartition] = []
    var offsets: [PendingOffsets] = []
    /// The ticket that was given out last.
    var lastTicket = 0
    var groupsAdded: Set<String> = []
    var coordinators: [TransactionRequest.Coordinator: CoordinatorAddress] = [:]
    /// What was asked and not answered.
    private(set) var inFlight: TransactionRequest?
    var retryAt = NIODeadline.uptimeNanoseconds(0)
    /// What the last request came to, when it is to be asked again.
    var lastProblem: String?
    /// Whether all records of a transaction that ends are delivered, or have failed.
    var isDrained = false
    /// Whether sequences are lost, so that they must begin again in the next epoch once the transaction is aborted.
    var mustBumpEpoch = false
    /// Whether what is asked for is the next epoch.
    var isBumping = false
    /// Whether the end of the open transaction was asked for.
    var isEndSent = false
    /// Whether the coordinator gives the next epoch when it is asked to (KIP-360).
    var canAskForNextEpoch = true
    var ended: [Ended] = []

    init(_ settings: Settings) { self.settings = settings }

    // MARK: what is known of the cluster

    /// A broker told the level of `transaction.version`, and the epoch of its features.
    mutating func announced(level: Int16, epoch: Int64) {
        guard epoch >= announced.epoch else { return }
        announced = (TransactionProtocol(level: level), epoch)
    }

    /// Whether sequences that are lost can begin again.
    var canBumpEpoch: Bool { transactionProtocol == .implicit || canAskForNextEpoch }

    // MARK: records

    /// Whether records may go to partitions of the transaction.
    var takesRecords: Bool { phase == .open || phase == .committing }

    /// Why what waits to be sent for the first time is given up, if it is.
    var discards: ProducerError? {
        switch phase {
        case .failed(let error):
            ProducerError(.transactionAborted, message: "not delivered, since its transaction failed: \(error)")
        case .dead(let error): error
        case .aborting: .transactionAborted
        case .uninitialized, .initializing, .ready, .open, .committing: nil
        }
    }

    /// What has made the transaction, or the producer, fail.
    var fault: ProducerError? {
        switch phase {
        case .failed(let error), .dead(let error): error
        case .uninitialized, .initializing, .ready, .open, .committing, .aborting: nil
        }
    }

    /// Whether nothing goes out any more, not even what was sent before.
    var isDead: Bool { if case .dead = phase { true } else { false } }

    /// A partition has records to send.
    ///
    /// - Returns: whether they may be sent at once.
    mutating func want(_ partition: TransactionPartition) -> Bool {
        guard transactionProtocol == .explicit else { return true }
        wanted.append(partition)
        return false
    }

    /// The partitions that were added since this was last asked.
    mutating func takeAdded() -> [TransactionPartition] {
        defer { added = [] }
        return added
    }

    /// A batch is sent: by that alone, the transaction may be open at its coordinator.
    mutating func produces(now: NIODeadline) {
        hasProducedMeanwhile = true
        becomesPossible(now: now)
    }

    private mutating func becomesPossible(now: NIODeadline) {
        if openedAt == nil { openedAt = now }
        if membership == .none { membership = .possible }
    }

    /// When the coordinator gives the transaction up, if it is open there.
    var deadline: NIODeadline? { openedAt.map { $0 + settings.timeout } }

    /// Whether the transaction has lived for so long that the coordinator may have given it up.
    func isOverdue(now: NIODeadline) -> Bool { deadline.map { $0 <= now } ?? false }

    /// All records of the transaction that ends are delivered, or have failed.
    mutating func drained() {
        isDrained = true
        settle()
    }

    // MARK: requests

    /// The calls that have come to their end since this was last asked.
    mutating func takeEnded() -> [Ended] {
        defer { ended = [] }
        return ended
    }

    /// What is to be asked now.
    func nextRequest(now: NIODeadline) -> TransactionRequest? {
        guard inFlight == nil, retryAt <= now else { return nil }
        return pendingRequest
    }

    /// When something is to be asked, if nothing happens before.
    var nextTime: NIODeadline? { inFlight == nil && pendingRequest != nil ? retryAt : nil }

    /// What is to be asked once its time has come.
    var pendingRequest: TransactionRequest? {
        switch phase {
        case .uninitialized, .ready, .failed, .dead: nil
        case .initializing: atCoordinator(.initProducerID(after: isBumping ? identity : nil))
        case .open: participation
        case .committing: participation ?? (isDrained ? atCoordinator(.end(commits: true)) : nil)
        case .aborting: isDrained ? atCoordinator(.end(commits: false)) : nil
        }
    }

    private var participation: TransactionRequest? {
        if !wanted.isEmpty { return atCoordinator(.addPartitions(wanted)) }
        guard let first = offsets.first else { return nil }
        let group = first.member.group
        if transactionProtocol == .explicit, !groupsAdded.contains(group) {
            return atCoordinator(.addOffsets(group: group))
        }
        return atCoordinator(.commitOffsets(first))
    }

    private func atCoordinator(_ request: TransactionRequest) -> TransactionRequest {
        guard let coordinator = request.coordinator, coordinators[coordinator] == nil else { return request }
        return .findCoordinator(coordinator)
    }

    /// A request goes out.
    mutating func sent(_ request: TransactionRequest, now: NIODeadline) {
        inFlight = request
        membershipBefore = membership
        hasProducedMeanwhile = false
        switch request {
        case .addPartitions, .addOffsets: becomesPossible(now: now)
        case .commitOffsets where transactionProtocol == .implicit: becomesPossible(now: now)
        case .end: isEndSent = true
        case .findCoordinator, .initProducerID, .commitOffsets: break
        }
    }

    // MARK: answers

    /// The request that is under way got no answer: what it has done is not known, and it is asked again.
    ///
    /// - Parameters:
    ///   - reason: Why, in words.
    ///   - isCoordinatorLost: Whether its coordinator is to be found again.
    ///   - now: The time.
    mutating func wentUnanswered(_ reason: String, isCoordinatorLost: Bool, now: NIODeadline) {
        guard let request = inFlight.take() else { return }
        lastProblem = reason
        if isCoordinatorLost, let coordinator = request.coordinator { coordinators[coordinator] = nil }
        retryAt = now + settings.retryBackoff
    }

    /// A coordinator cannot be connected to: it is found again.
    mutating func coordinatorIsUnreachable(_ coordinator: TransactionRequest.Coordinator, now: NIODeadline) {
        let address = coordinators.removeValue(forKey: coordinator)
        lastProblem = address.map { "the coordinator at \($0.host):\($0.port) cannot be reached" }
        retryAt = now + settings.retryBackoff
    }

    /// The request that is under way was answered.
    mutating func received(_ answer: TransactionAnswer, now: NIODeadline) {
        guard let request = inFlight.take() else { return }
        let (verdict, error) = TransactionVerdict.on(answer.errors, to: request, canBumpEpoch: canBumpEpoch)
        let fault = { [settings] in
            ProducerError.refused(error, request, answer.message, transactionalID: settings.transactionalID)
        }
        if verdict != .success { wasRefused(request, error) }
        switch verdict {
        case .success: succeeded(request, answer)
        case .retry, .retryAtNewCoordinator:
            if verdict == .retryAtNewCoordinator, let coordinator = request.coordinator {
                coordinators[coordinator] = nil
            }
            lastProblem = "\(request.api): \(error.name)"
            retryAt = now + wait(after: error, request)
        case .abort: becomeUnfinishable(fault(), by: error, request, now: now)
        case .uninitialize:
            phase = .uninitialized
            ended.append(.initialization(fault()))
        case .fatal: refusedForGood(error, request, fault(), now: now)
        }
        settle()
    }

    /// The request that is under way cannot be asked of this cluster.
    mutating func isUnsupported(_ error: ProducerError) {
        inFlight = nil
        die(error)
    }

    private func wait(after error: ErrorCode, _ request: TransactionRequest) -> TimeAmount {
        guard error == .concurrentTransactions, membershipBefore == .none else { return settings.retryBackoff }
        switch request {
        case .addPartitions, .addOffsets, .commitOffsets: return Self.firstRequestBackoff
        case .findCoordinator, .initProducerID, .end: return settings.retryBackoff
        }
    }

    /// What was refused has opened nothing, but for what may have been done on the way to the refusal.
    ///
    /// To take a transaction for unopened that is open at its coordinator is worse than the contrary: it would be left open, the
    /// next one would join it, and be aborted before its own time, as if another producer had taken over.
    private mutating func wasRefused(_ request: TransactionRequest, _ error: ErrorCode) {
        // A batch that was sent meanwhile may have opened it.
        guard !hasProducedMeanwhile else { return }
        switch request {
        // The group's coordinator has the transaction opened before it does its own part (KIP-890). Only this error says that
        // it was not.
        case .commitOffsets where transactionProtocol == .implicit && error != .concurrentTransactions: break
        case .addPartitions, .addOffsets, .commitOffsets:
            membership = membershipBefore
            if membership == .none { openedAt = nil }
        case .findCoordinator, .initProducerID, .end: break
        }
    }

    private mutating func succeeded(_ request: TransactionRequest, _ answer: TransactionAnswer) {
        lastProblem = nil
        switch request {
        case .findCoordinator(let coordinator): coordinators[coordinator] = answer.coordinator
        case .initProducerID: initialized(answer)
        case .addPartitions(let partitions):
            membership = .known
            // More may have come meanwhile, and after an abort none is wanted.
            wanted.removeFirst(min(partitions.count, wanted.count))
            if takesRecords { added += partitions }
        case .addOffsets(let group):
            membership = .known
            groupsAdded.insert(group)
        case .commitOffsets(let pending):
            membership = .known
            guard offsets.first == pending else { return }
            offsets.removeFirst()
            ended.append(.offsets(ticket: pending.ticket, nil))
        case .end: endedAtCoordinator(answer)
        }
    }

    private mutating func initialized(_ answer: TransactionAnswer) {
        guard phase == .initializing, let identity = answer.identity else { return }
        self.identity = identity
        transactionProtocol = announced.protocol
        (mustBumpEpoch, isBumping) = (false, false)
        phase = .ready
        ended.append(.initialization(nil))
    }

    // MARK: the end of a transaction

    private mutating func endedAtCoordinator(_ answer: TransactionAnswer) {
        if let next = answer.identity { identity = next }
        complete()
    }

    /// A transaction that the coordinator knows nothing of ends without asking it.
    private mutating func settle() {
        guard isDrained, inFlight == nil, membership == .none, !isEndSent else { return }
        switch phase {
        case .committing where participation == nil: complete()
        case .aborting: complete()
        default: break
        }
    }

    /// The transaction is over. What the cluster has said of its feature meanwhile holds for the next one.
    mutating func complete() {
        ended.append(phase == .committing ? .commit(nil) : .abort(nil))
        let isSwitch = transactionProtocol == .explicit && announced.protocol == .implicit
        let needsEpoch = transactionProtocol == .explicit && (mustBumpEpoch || isSwitch) && canAskForNextEpoch
        if !needsEpoch { transactionProtocol = announced.protocol }
        wanted = []
        added = []
        groupsAdded = []
        openedAt = nil
        membership = .none
        (isDrained, isEndSent) = (false, false)
        guard identity != nil else { return phase = .uninitialized }
        isBumping = needsEpoch
        if !needsEpoch { mustBumpEpoch = false }
        phase = needsEpoch ? .initializing : .ready
    }
}
