// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProtocol
import NIOCore

/// What fails: the transaction, or all.
extension TransactionMachine {
    // MARK: batches

    /// A batch was given up.
    ///
    /// - Parameters:
    ///   - error: Why.
    ///   - hasNumber: Whether it had a sequence, which is missing now.
    ///   - now: The time.
    mutating func batchFailed(_ error: ProducerError, hasNumber: Bool, now: NIODeadline) {
        guard case .broker(let code) = error.code else { return recordsAreMissing(error, hasNumber: hasNumber) }
        if code == .invalidProducerEpoch { return epochWasRefused(error, now: now) }
        if code == .producerFenced { return die(fenced(error, now: now)) }
        if code.endsTransactionalProducer { return die(error) }
        recordsAreMissing(error, hasNumber: hasNumber)
    }

    private mutating func recordsAreMissing(_ error: ProducerError, hasNumber: Bool) {
        if hasNumber, transactionProtocol == .explicit {
            guard canAskForNextEpoch else { return die(error) }
            mustBumpEpoch = true
        }
        fail(error)
    }

    /// Another epoch is in force: after its timeout, the coordinator has given the transaction up, or else another producer
    /// has the transactional id. Which of them it is, the answer to the abort may show.
    private mutating func epochWasRefused(_ error: ProducerError, now: NIODeadline) {
        guard !isOverdue(now: now) else { return fail(timedOut(error)) }
        // With an epoch for each transaction, an abort would pass for a repeated one, and take over from the other.
        if transactionProtocol == .implicit { die(fenced(error, now: now)) } else { fail(fenced(error, now: now)) }
    }

    // MARK: answers

    /// An answer that leaves nothing but to abort.
    mutating func becomeUnfinishable(
        _ fault: ProducerError,
        by error: ErrorCode,
        _ request: TransactionRequest,
        now: NIODeadline
    ) {
        if error == .unknownProducerID, transactionProtocol == .explicit { mustBumpEpoch = true }
        guard phase == .aborting else { return fail(fault) }
        // The coordinator knows nothing of the producer any more, and so of no transaction.
        if request == .end(commits: false), error == .unknownProducerID { return complete() }
        lastProblem = "\(request.api): \(error.name)"
        retryAt = now + settings.retryBackoff
    }

    /// An answer that says that nothing can go on, or that the coordinator has ended the transaction by itself.
    mutating func refusedForGood(
        _ error: ErrorCode,
        _ request: TransactionRequest,
        _ fault: ProducerError,
        now: NIODeadline
    ) {
        if error.saysFenced {
            // As a batch that is refused so: an abort shows whether the coordinator has given the transaction up.
            if case .commitOffsets = request, transactionProtocol == .implicit, isOverdue(now: now) {
                return fail(timedOut(fault))
            }
            return die(fenced(fault, now: now))
        }
        if error == .invalidTransactionState, case .end(let commits) = request {
            // Whether an unanswered request had opened it was not known: it had not.
            if !commits, transactionProtocol == .explicit, membership != .known { return complete() }
            // An abort shows whether the coordinator has given it up.
            if commits, transactionProtocol == .implicit, isOverdue(now: now) { return fail(timedOut(fault)) }
        }
        die(fault)
    }

    // MARK: ends

    /// The transaction can only be aborted.
    mutating func fail(_ error: ProducerError) {
        switch phase {
        case .open:
            phase = .failed(error)
        case .committing:
            phase = .failed(error)
            isEndSent = false
            ended.append(.commit(error))
        case .initializing:
            phase = .failed(error)
            ended.append(.initialization(error))
        case .uninitialized, .ready, .aborting, .failed, .dead: return
        }
        wanted = []
        failOffsets(error)
    }

    /// Nothing can be done any more.
    mutating func die(_ error: ProducerError) {
        switch phase {
        case .dead: return
        case .initializing: ended.append(.initialization(error))
        case .committing: ended.append(.commit(error))
        case .aborting: ended.append(.abort(error))
        case .uninitialized, .ready, .open, .failed: break
        }
        phase = .dead(error)
        wanted = []
        failOffsets(error)
    }

    mutating func failOffsets(_ error: ProducerError) {
        for pending in offsets { ended.append(.offsets(ticket: pending.ticket, error)) }
        offsets = []
    }

    // MARK: words

    func misuse(_ reason: String) -> ProducerError { ProducerError(.transactionState, message: reason) }

    /// What a fence means: with one epoch for all transactions the clock tells, since codes do not.
    private func fenced(_ error: ProducerError, now: NIODeadline) -> ProducerError {
        if transactionProtocol == .explicit, isOverdue(now: now) { return timedOut(error) }
        return ProducerError(
            .fenced,
            topic: error.topic,
            partition: error.partition,
            broker: error.broker,
            message: "another producer has taken over transactional.id=\(settings.transactionalID), which aborted this "
                + "one's open transaction (\(error.name)); run one producer with it at a time"
        )
    }

    private func timedOut(_ error: ProducerError) -> ProducerError {
        let limit = settings.timeout.nanoseconds / 1_000_000
        return ProducerError(
            .transactionTimedOut,
            topic: error.topic,
            partition: error.partition,
            broker: error.broker,
            message:
                "the transaction took longer than transaction.timeout.ms=\(limit), and the coordinator has aborted "
                + "it (\(error.name)); commit more often, or raise transaction.timeout.ms"
        )
    }

    /// What is waited for at a coordinator, if anything is.
    var waitsFor: String? {
        guard let request = inFlight ?? pendingRequest else { return nil }
        let problem = lastProblem.map { " after \($0)" } ?? ""
        return "\(request.api) of transactional.id=\(settings.transactionalID)\(problem)"
    }

    /// Why a call has not come to its end in time.
    func lateness(of call: String, _ limit: Duration) -> ProducerError {
        let reason = lastProblem.map { " (\($0))" } ?? inFlight.map { " (no answer to \($0.api))" } ?? ""
        let waited = "\(call) has not ended within max.block.ms=\(limit.milliseconds)\(reason)"
        guard phase == .committing, isEndSent else { return ProducerError(.timedOut, message: waited) }
        return ProducerError(
            .commitUnknown,
            message: "\(waited): it is not known whether the transaction is committed; commit again to go on waiting"
        )
    }
}

extension ProducerError {
    static let transactionAborted = ProducerError(
        .transactionAborted,
        message: "not delivered, since its transaction was aborted"
    )

    /// What a coordinator refused.
    static func refused(
        _ error: ErrorCode,
        _ request: TransactionRequest,
        _ message: String?,
        transactionalID: String
    ) -> ProducerError {
        let words = message.flatMap { $0.isEmpty ? nil : $0 } ?? error.explanation
        return ProducerError(
            .broker(error),
            message: "\(request.subject(transactionalID, error)): \(request.api) was answered with \(error.name): "
                + words
        )
    }
}

extension TransactionRequest {
    /// What the request, or its refusal, is about: the right that is missing is one to this.
    fileprivate func subject(_ transactionalID: String, _ error: ErrorCode) -> String {
        switch self {
        case .commitOffsets(let pending) where error != .transactionalIDAuthorizationFailed:
            "group \(pending.member.group)"
        case .addOffsets(let group) where error == .groupAuthorizationFailed: "group \(group)"
        case .findCoordinator(.group(let group)): "group \(group)"
        default: "transactional.id=\(transactionalID)"
        }
    }
}
