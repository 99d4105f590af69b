// SPDX-License-Identifier: Apache-2.0
import KafkaRecords
import NIOCore

/// The records of a reported batch without a copy, for observers that read every one of them.
extension DeliveryReport {
    /// Milliseconds since 1970 that all records carry, or `nil` when they differ.
    public var commonTimestamp: Int64? {
        guard let header = batch.sealed?.header, header.baseTimestamp == header.maxTimestamp else { return nil }
        return header.baseTimestamp
    }

    /// Calls `body` for each stretch of records that carry the same timestamp, in order. Nothing but the timestamps is read.
    ///
    /// - Parameter body: gets the records' indices within the batch, and their timestamp in milliseconds since 1970.
    /// - Throws: ``ProducerError`` when the bytes cannot be read, which means that memory was damaged.
    public func forEachTimestamp(
        _ body: (_ records: Range<Int>, _ timestamp: Int64) -> Void
    ) throws(ProducerError) {
        if let timestamp = commonTimestamp { return body(0..<recordCount, timestamp) }
        guard let sealed = batch.sealed else { return }
        do throws(RecordBatchError) {
            let reader = try RecordBatchReader(sealed.buffer)
            try reader.forEachTimestamp(decompressed: try reader.decompressedSection(limit: .max), body)
        } catch {
            throw .unreadable(topic: topic, partition: partition, error)
        }
    }

    /// Calls `body` for each record of the batch, read out of the batch's own bytes.
    ///
    /// - Parameter body: gets the record's index within the batch, its key, its value, and its timestamp in milliseconds
    ///   since 1970.
    /// - Throws: ``ProducerError`` when the bytes cannot be read, which means that memory was damaged.
    public func forEachRecord(
        _ body: (_ index: Int, _ key: Span<UInt8>?, _ value: Span<UInt8>?, _ timestamp: Int64) -> Void
    ) throws(ProducerError) {
        try batch.withRecords { index, record, timestamp in
            if let key = record.key {
                withValue(of: record) { body(index, key.readableBytesUInt8Span, $0, timestamp) }
            } else {
                withValue(of: record) { body(index, nil, $0, timestamp) }
            }
        }
    }

    /// A checksum of what the records say: key, value and headers, and the timestamp unless brokers set it.
    ///
    /// - Parameter timestamps: Whether timestamps count.
    /// - Returns: The checksum.
    /// - Throws: ``ProducerError`` when the bytes cannot be read, which means that memory was damaged.
    package func contentChecksum(timestamps: Bool) throws(ProducerError) -> UInt32 {
        var checksum = ContentChecksum()
        try batch.withRecords { _, record, timestamp in
            checksum.add(
                key: record.key,
                value: record.value,
                headers: record.headers,
                timestamp: timestamps ? timestamp : nil
            )
        }
        return checksum.value
    }

    private func withValue(of record: Record, _ body: (Span<UInt8>?) -> Void) {
        if let value = record.value { body(value.readableBytesUInt8Span) } else { body(nil) }
    }
}
