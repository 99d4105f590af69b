// SPDX-License-Identifier: Apache-2.0

/// Which records a reader sees. Kafka's `isolation.level` (KIP-98).
public enum IsolationLevel: Int8, Sendable, Hashable, CaseIterable {
    /// All records, also those of transactions that are open or aborted. Kafka's default.
    case readUncommitted = 0
    /// Records of committed transactions, and those without one, up to the first open transaction.
    case readCommitted = 1
}
