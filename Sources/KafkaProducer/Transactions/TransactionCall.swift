// SPDX-License-Identifier: Apache-2.0

/// What a caller asks of the transactions of a producer.
enum TransactionCall: Sendable {
    case initialize
    case begin
    case commitOffsets([CommittedOffset], ConsumerGroupMember)
    case commit
    case abort

    /// The call's name, for messages.
    var name: String {
        switch self {
        case .initialize: "initializeTransactions()"
        case .begin: "beginTransaction()"
        case .commitOffsets: "commitOffsets(_:of:)"
        case .commit: "commitTransaction()"
        case .abort: "abortTransaction()"
        }
    }
}
