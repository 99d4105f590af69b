// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Testing

@testable import KafkaProducer

/// What each error means to each request, cell by cell.
@Suite("Transaction verdict")
struct TransactionVerdictTests {
    /// A column of the table.
    enum Request: String, CaseIterable, Sendable {
        case find, findGroup, initialize, addPartitions, addOffsets, commitOffsets, commit, abort

        var value: TransactionRequest {
            switch self {
            case .find: .findCoordinator(.transaction)
            case .findGroup: .findCoordinator(.group("g"))
            case .initialize: .initProducerID(after: nil)
            case .addPartitions: .addPartitions([TransactionPartition(topic: "t", partition: 0)])
            case .addOffsets: .addOffsets(group: "g")
            case .commitOffsets:
                .commitOffsets(PendingOffsets(ticket: 1, member: ConsumerGroupMember("g"), offsets: []))
            case .commit: .end(commits: true)
            case .abort: .end(commits: false)
            }
        }
    }

    /// A row of the table, a letter for each request: R again, C again at a new coordinator, A abort, U no id, F fatal,
    /// B abort where the epoch can be bumped and else fatal, and a dash where the error does not occur.
    struct Row: Sendable, CustomTestStringConvertible {
        let error: ErrorCode
        let letters: String
        var testDescription: String { error.name }
    }

    static let rows: [Row] = [
        //                                       find, group, init, partitions, offsets, offset commit, commit, abort
        Row(error: .coordinatorNotAvailable, letters: "RRCCCCCC"),
        Row(error: .notCoordinator, letters: "RRCCCCCC"),
        Row(error: .coordinatorLoadInProgress, letters: "RRRRRRRR"),
        Row(error: .concurrentTransactions, letters: "--RRRRRR"),
        Row(error: .requestTimedOut, letters: "RRRRRCRR"),
        Row(error: .unknownTopicOrPartition, letters: "---R-R--"),
        Row(error: .notEnoughReplicas, letters: "RRRRRRRR"),
        Row(error: .networkException, letters: "RRRRRRRR"),
        Row(error: .invalidProducerEpoch, letters: "--FFFFFF"),
        Row(error: .producerFenced, letters: "--FFFFFF"),
        Row(error: .invalidProducerIDMapping, letters: "--FFFFFF"),
        Row(error: .unknownProducerID, letters: "--FBBFBB"),
        Row(error: .invalidTransactionState, letters: "--FFFFFF"),
        Row(error: .transactionAbortable, letters: "AAAAAAAF"),
        Row(error: .transactionalIDAuthorizationFailed, letters: "FFUFFFFF"),
        Row(error: .clusterAuthorizationFailed, letters: "FFU-----"),
        Row(error: .groupAuthorizationFailed, letters: "-A--AA--"),
        Row(error: .topicAuthorizationFailed, letters: "---A-F--"),
        Row(error: .illegalGeneration, letters: "-----A--"),
        Row(error: .unknownMemberID, letters: "-----A--"),
        Row(error: .fencedInstanceID, letters: "-----A--"),
        Row(error: .operationNotAttempted, letters: "---A----"),
        Row(error: .unsupportedVersion, letters: "FFFFFFFF"),
        Row(error: .invalidTransactionTimeout, letters: "--F-----"),
        Row(error: .offsetMetadataTooLarge, letters: "-----F--"),
        Row(error: ErrorCode(rawValue: 999), letters: "FFFAFFFF"),
    ]

    @Test("each error means to each request what the table says", arguments: rows)
    func cells(row: Row) {
        for (request, letter) in zip(Request.allCases, row.letters) where letter != "-" {
            for canBump in [false, true] {
                let verdict = TransactionVerdict(on: row.error, to: request.value, canBumpEpoch: canBump)
                #expect(verdict == expected(letter, canBump: canBump), "\(row.error) to \(request), bump \(canBump)")
            }
        }
    }

    private func expected(_ letter: Character, canBump: Bool) -> TransactionVerdict? {
        switch letter {
        case "R": .retry
        case "C": .retryAtNewCoordinator
        case "A": .abort
        case "U": .uninitialize
        case "F": .fatal
        case "B": canBump ? .abort : .fatal
        default: nil
        }
    }

    @Test("of several partitions the worst decides, and what was not attempted follows the cause")
    func worst() {
        let request = Request.addPartitions.value
        func verdict(_ errors: ErrorCode...) -> TransactionVerdict {
            TransactionVerdict.on(errors, to: request, canBumpEpoch: true).verdict
        }
        #expect(verdict(.none, .none) == .success)
        #expect(verdict(.operationNotAttempted, .unknownTopicOrPartition) == .retry)
        #expect(verdict(.operationNotAttempted, .topicAuthorizationFailed) == .abort)
        #expect(verdict(.operationNotAttempted, .operationNotAttempted) == .abort)
        #expect(verdict(.unknownTopicOrPartition, .producerFenced, .topicAuthorizationFailed) == .fatal)
    }
}
