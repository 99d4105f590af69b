// SPDX-License-Identifier: Apache-2.0

/// Whether retries are kept from storing a record twice: Kafka's `enable.idempotence`, and whether the user set it.
public enum Idempotence: Sendable, Hashable {
    /// The default: on, unless `acks` is not `all` or `retries` is 0.
    case automatic
    /// `enable.idempotence=true`: settings that contradict it are errors.
    case required
    /// `enable.idempotence=false`.
    case off
}
