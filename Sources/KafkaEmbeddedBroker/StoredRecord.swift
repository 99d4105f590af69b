// SPDX-License-Identifier: Apache-2.0
public import KafkaRecords
public import NIOCore

/// A record as it is in the log of an embedded broker.
public struct StoredRecord: Sendable, Hashable {
    /// The record's offset in its partition.
    public let offset: Int64
    /// Milliseconds since 1970.
    public let timestamp: Int64
    /// The key, nil for null.
    public let key: ByteBuffer?
    /// The value, nil for null.
    public let value: ByteBuffer?
    /// The headers in their order.
    public let headers: [RecordHeader]
    /// What is said of the batch that the record is in: codec, producer id and epoch, leader epoch and so on.
    public let batch: RecordBatchHeader

    init(_ record: Record, in batch: RecordBatchHeader) {
        offset = batch.offset(of: record)
        timestamp = batch.timestamp(of: record)
        key = record.key
        value = record.value
        headers = record.headers
        self.batch = batch
    }
}
