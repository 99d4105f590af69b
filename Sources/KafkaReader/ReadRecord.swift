// SPDX-License-Identifier: Apache-2.0
public import KafkaRecords
public import NIOCore

/// A record of a partition, as a reader sees it. Key, value and header values are slices of the memory of its batch: a caller that
/// keeps one of them keeps the whole batch.
public struct ReadRecord: Sendable, Hashable {
    /// The record's offset in its partition.
    public let offset: Int64
    /// The record's own timestamp, or the broker's if the topic stamps records; milliseconds since 1970.
    public let timestamp: Int64
    /// The key, nil for null.
    public let key: ByteBuffer?
    /// The value, nil for null.
    public let value: ByteBuffer?
    /// The headers in their order.
    public let headers: [RecordHeader]

    init(_ record: Record, in batch: RecordBatchHeader) {
        offset = batch.offset(of: record)
        timestamp = batch.timestamp(of: record)
        key = record.key
        value = record.value
        headers = record.headers
    }
}
