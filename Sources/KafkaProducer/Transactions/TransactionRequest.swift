// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// What a transaction asks of a coordinator.
enum TransactionRequest: Sendable, Equatable {
    /// A coordinator to be found.
    enum Coordinator: Sendable, Hashable {
        case transaction
        case group(String)
    }

    case findCoordinator(Coordinator)
    /// The id and epoch to begin with, or those that follow these.
    case initProducerID(after: ProducerIDAndEpoch?)
    case addPartitions([TransactionPartition])
    case addOffsets(group: String)
    case commitOffsets(PendingOffsets)
    case end(commits: Bool)

    /// Who is asked; nil for any broker.
    var coordinator: Coordinator? {
        switch self {
        case .findCoordinator: nil
        case .initProducerID, .addPartitions, .addOffsets, .end: .transaction
        case .commitOffsets(let offsets): .group(offsets.member.group)
        }
    }

    var api: APIKey {
        switch self {
        case .findCoordinator: .findCoordinator
        case .initProducerID: .initProducerID
        case .addPartitions: .addPartitionsToTransaction
        case .addOffsets: .addOffsetsToTransaction
        case .commitOffsets: .transactionOffsetCommit
        case .end: .endTransaction
        }
    }
}

/// A partition of a transaction.
struct TransactionPartition: Sendable, Hashable {
    let topic: String
    let partition: Int32
}

/// Offsets that are to be committed in the open transaction.
struct PendingOffsets: Sendable, Equatable {
    /// Names the call that waits for them.
    let ticket: Int
    let member: ConsumerGroupMember
    let offsets: [CommittedOffset]
}

/// A producer's id and epoch.
struct ProducerIDAndEpoch: Sendable, Hashable {
    var id: Int64
    var epoch: Int16
}

/// What a broker answered, as far as the transaction goes by it.
struct TransactionAnswer: Sendable, Equatable {
    /// The errors: one, or one for each partition.
    var errors: [ErrorCode]
    /// The broker's own words, if it has any.
    var message: String?
    /// The coordinator that was found.
    var coordinator: CoordinatorAddress?
    /// The id and epoch from now on.
    var identity: ProducerIDAndEpoch?

    init(_ error: ErrorCode) { errors = [error] }

    init(errors: [ErrorCode]) { self.errors = errors.isEmpty ? [.none] : errors }
}

/// Where a coordinator is.
struct CoordinatorAddress: Sendable, Hashable {
    var node: Int32
    var host: String
    var port: Int32
}
