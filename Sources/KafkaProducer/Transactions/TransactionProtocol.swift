// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// How partitions and offsets come into a transaction. The finalized feature `transaction.version` of the cluster decides, not
/// the versions that a broker speaks: it acts by the version of a request alone.
enum TransactionProtocol: Sendable, Equatable {
    /// By AddPartitionsToTxn and AddOffsetsToTxn; all transactions share an epoch (KIP-98).
    case explicit
    /// By the first Produce and TxnOffsetCommit; each transaction has an epoch of its own (KIP-890).
    case implicit

    /// The name of the feature.
    static let feature = "transaction.version"

    /// The protocol at this level of the feature; 0 stands for a cluster that does not name it.
    init(level: Int16) { self = level >= 2 ? .implicit : .explicit }

    /// The versions of a request that belong to this protocol.
    func versions(of api: APIKey) -> ClosedRange<Int16> {
        switch (api, self) {
        case (.produce, .explicit): 3...11
        case (.produce, .implicit): 12...13
        case (.endTransaction, .explicit): 0...4
        case (.endTransaction, .implicit): 5...5
        case (.transactionOffsetCommit, .explicit): 0...4
        case (.transactionOffsetCommit, .implicit): 5...5
        // Later ones are for brokers, which add for several transactions at once.
        case (.addPartitionsToTransaction, _): 0...3
        // Version 6 is about two-phase commits, and not stable.
        case (.initProducerID, _): 0...5
        default: 0...Int16.max
        }
    }
}
