// SPDX-License-Identifier: Apache-2.0

/// Whose clock the timestamps of a batch come from, bit 3 of the batch's attributes. Kafka's `message.timestamp.type`.
public enum TimestampType: Int8, Sendable, Hashable, CaseIterable {
    /// The producer's: each record carries its own.
    case createTime = 0
    /// The broker's: the batch's maximum timestamp holds for all its records.
    case logAppendTime = 1
}
