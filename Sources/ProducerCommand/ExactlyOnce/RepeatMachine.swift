// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import KafkaProtocol

/// Decides what follows when a transaction of a load was not committed: it is repeated from the last position, without the
/// records that the brokers refuse for good, or the load ends. A value.
struct RepeatMachine: Sendable {
    /// How often in a row a transaction is repeated that fails for what may pass.
    static let mostRepeats = 4

    enum Action: Equatable, Sendable {
        /// Once more from the last position.
        case again
        case stop
    }

    /// What is known of a transaction that has failed.
    struct Failure: Sendable {
        /// Why it was not committed.
        var error: ProducerError
        /// Records that the brokers have refused for good, by where they begin over all inputs.
        var refused: [UInt64: ProducerError]
        /// Whether it is aborted, so that another one can begin.
        var isAborted: Bool
        /// Whether nothing more is to be read.
        var isStopping: Bool
    }

    private let errorHandling: ErrorHandling
    /// Records that are left out from now on, by where they begin over all inputs.
    private(set) var excluded: [UInt64: ProducerError] = [:]
    private var failuresInARow = 0

    init(_ errorHandling: ErrorHandling) { self.errorHandling = errorHandling }

    /// A transaction is committed; what lies before this byte is done with.
    mutating func committed(to offset: UInt64) {
        failuresInARow = 0
        if !excluded.isEmpty { excluded = excluded.filter { $0.key >= offset } }
    }

    /// A transaction was not committed.
    mutating func failed(_ failure: Failure) -> Action {
        // What may be committed must not be sent again by this run.
        guard failure.error.code != .commitUnknown, failure.isAborted, !failure.isStopping else { return .stop }
        let news = failure.refused.filter { excluded[$0.key] == nil }
        if !news.isEmpty {
            guard errorHandling != .abort else { return .stop }
            excluded.merge(news) { first, _ in first }
            failuresInARow = 0
            return .again
        }
        guard Self.mayPass(failure.error), failuresInARow < Self.mostRepeats else { return .stop }
        failuresInARow += 1
        return .again
    }

    /// Whether the same transaction may succeed when it is sent again.
    private static func mayPass(_ error: ProducerError) -> Bool {
        switch error.code {
        case .timedOut, .transactionTimedOut, .transactionAborted: true
        case .broker(let code): code == .transactionAbortable || code.isRetriable || passing.contains(code)
        default: false
        }
    }

    private static let passing: Set<ErrorCode> = [
        .outOfOrderSequenceNumber, .unknownProducerID, .invalidTransactionState, .unknownServerError,
    ]

    /// Whether a broker's error is about the record itself, so that it will be refused each time.
    static func isAboutRecord(_ error: ProducerError) -> Bool {
        switch error.code {
        case .recordTooLarge: true
        case .broker(let code): refusals.contains(code)
        default: false
        }
    }

    private static let refusals: Set<ErrorCode> = [
        .messageTooLarge, .invalidRecord, .invalidTimestamp, .recordListTooLarge, .policyViolation, .corruptMessage,
    ]
}
