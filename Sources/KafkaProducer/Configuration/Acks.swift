// SPDX-License-Identifier: Apache-2.0

/// Who must have stored a batch before it counts as delivered: Kafka's `acks`.
public enum Acks: Int16, Sendable, Hashable {
    /// All replicas that are in sync; Kafka's `all` or `-1`. Safest, and what idempotence needs.
    case all = -1
    /// Nobody: a batch counts as delivered once it is written to the socket; Kafka's `0`.
    case none = 0
    /// The partition's leader alone; Kafka's `1`.
    case leader = 1
}
