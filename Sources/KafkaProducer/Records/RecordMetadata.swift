// SPDX-License-Identifier: Apache-2.0

/// The broker's word on one record: where it is stored.
public struct RecordMetadata: Sendable, Equatable {
    /// The record's topic.
    public let topic: String
    /// The partition that holds the record.
    public let partition: Int32
    /// The record's offset, or `nil` when the broker did not say (`acks=0`, or a batch it had already).
    public let offset: Int64?
    /// Milliseconds since 1970: the time of appending if the topic stamps records so, otherwise the record's own.
    public let timestamp: Int64
}
