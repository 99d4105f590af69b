// SPDX-License-Identifier: Apache-2.0

/// How producers and coordinator agree on a transaction. Kafka's feature `transaction.version`.
@nonexhaustive
public enum TransactionProtocol: Int16, Sendable, Hashable, CaseIterable {
    /// A producer names each partition before it writes to it, and keeps its epoch.
    case first = 1
    /// Writing adds the partition, and each transaction has an epoch of its own (KIP-890).
    case second = 2
}
