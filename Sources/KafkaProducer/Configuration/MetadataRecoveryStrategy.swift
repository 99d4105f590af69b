// SPDX-License-Identifier: Apache-2.0

/// What to do when no known broker is left: Kafka's `metadata.recovery.strategy` (KIP-899).
public enum MetadataRecoveryStrategy: String, Sendable, Hashable {
    /// Start again from `bootstrap.servers`.
    case rebootstrap = "REBOOTSTRAP"
    /// Go on trying the brokers known last.
    case none = "NONE"
}
