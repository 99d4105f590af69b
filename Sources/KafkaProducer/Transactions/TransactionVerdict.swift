// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// What a broker's error means for a transaction. A value: it decides, others act.
enum TransactionVerdict: Int, Sendable, Comparable {
    case success
    /// The same request again, after a while.
    case retry
    /// The same request again, to the coordinator that is found then.
    case retryAtNewCoordinator
    /// The transaction can only be aborted.
    case abort
    /// No id was given; it may be asked for again.
    case uninitialize
    /// The producer cannot go on.
    case fatal

    static func < (one: TransactionVerdict, other: TransactionVerdict) -> Bool { one.rawValue < other.rawValue }

    /// What the errors of an answer come to: those of the other partitions follow from that of one (55), and the worst
    /// decides.
    ///
    /// - Parameters:
    ///   - errors: The errors.
    ///   - request: What was asked.
    ///   - canBumpEpoch: Whether an unknown producer id is healed by the next epoch.
    /// - Returns: the verdict, and the error that it is about.
    static func on(
        _ errors: [ErrorCode],
        to request: TransactionRequest,
        canBumpEpoch: Bool
    ) -> (verdict: TransactionVerdict, error: ErrorCode) {
        let causes = errors.filter { $0 != .none && $0 != .operationNotAttempted }
        var worst = (verdict: TransactionVerdict.success, error: ErrorCode.none)
        for error in causes.isEmpty ? errors : causes {
            let verdict = TransactionVerdict(on: error, to: request, canBumpEpoch: canBumpEpoch)
            if verdict > worst.verdict { worst = (verdict, error) }
        }
        return worst
    }

    /// What one error means.
    init(on error: ErrorCode, to request: TransactionRequest, canBumpEpoch: Bool) {
        switch error {
        case .none: self = .success
        case .coordinatorNotAvailable, .notCoordinator:
            self = request.coordinator == nil ? .retry : .retryAtNewCoordinator
        case .requestTimedOut:
            if case .commitOffsets = request { self = .retryAtNewCoordinator } else { self = .retry }
        case .transactionAbortable: self = request == .end(commits: false) ? .fatal : .abort
        case _ where error.isRetriable: self = .retry
        default: self = Self.refusal(error, of: request, canBumpEpoch: canBumpEpoch)
        }
    }

    private static func refusal(
        _ error: ErrorCode,
        of request: TransactionRequest,
        canBumpEpoch: Bool
    ) -> TransactionVerdict {
        switch request {
        case .findCoordinator: return error == .groupAuthorizationFailed ? .abort : .fatal
        case .initProducerID: return lacksRight(error) ? .uninitialize : .fatal
        case .addPartitions: return refusalOfPartitions(error, canBumpEpoch: canBumpEpoch)
        case .addOffsets where error == .groupAuthorizationFailed: return .abort
        case .addOffsets, .end: return error == .unknownProducerID && canBumpEpoch ? .abort : .fatal
        case .commitOffsets: return lostMembership.contains(error) ? .abort : .fatal
        }
    }

    private static func lacksRight(_ error: ErrorCode) -> Bool {
        error == .transactionalIDAuthorizationFailed || error == .clusterAuthorizationFailed
    }

    /// The group goes on without the member, or without this producer.
    private static let lostMembership: Set<ErrorCode> = [
        .groupAuthorizationFailed, .illegalGeneration, .unknownMemberID, .fencedInstanceID,
    ]

    private static func refusalOfPartitions(_ error: ErrorCode, canBumpEpoch: Bool) -> TransactionVerdict {
        switch error {
        case .invalidProducerEpoch, .producerFenced, .invalidProducerIDMapping, .invalidTransactionState,
            .transactionalIDAuthorizationFailed, .unsupportedVersion:
            .fatal
        case .unknownProducerID: canBumpEpoch ? .abort : .fatal
        default: .abort
        }
    }
}

extension ErrorCode {
    /// Whether a batch that was refused so shows that the producer itself cannot go on, not just its transaction.
    var endsTransactionalProducer: Bool {
        switch self {
        case .producerFenced, .invalidProducerIDMapping, .transactionalIDAuthorizationFailed,
            .clusterAuthorizationFailed, .unsupportedVersion:
            true
        default: false
        }
    }

    /// Whether another epoch than the producer's is in force.
    var saysFenced: Bool { self == .producerFenced || self == .invalidProducerEpoch }
}
