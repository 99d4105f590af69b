// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import KafkaRecords
import NIOCore

/// Checks what a producer sent for one partition, with the rules, their order and their error codes of a Kafka broker.
struct BatchValidator {
    /// Version of the Produce request.
    let version: Int16
    /// Bytes of the largest batch. Kafka's `max.message.bytes`.
    let maxMessageBytes: Int
    /// Bytes of the largest segment, in which the batch must find room. Kafka's `segment.bytes`.
    let segmentBytes: Int
    /// Whether each record must have a key, since the topic is compacted.
    var requiresKeys = false
    /// Whether compressed records are decompressed and looked at.
    let checksCompressedRecords: Bool

    /// The first version in which zstd is allowed (KIP-110).
    private static let firstZstdVersion: Int16 = 7

    /// The one batch that `records` holds.
    func check(_ records: ByteBuffer?) throws(BatchRefusal) -> CheckedBatch {
        let bytes = try singleBatch(in: records ?? ByteBuffer())
        let batch = try checkFrame(bytes)
        try checkFields(of: batch.header)
        let maxTimestamp = try checkRecords(of: batch)
        guard bytes.readableBytes <= segmentBytes else {
            throw BatchRefusal(
                .recordListTooLarge,
                "the batch has \(bytes.readableBytes) bytes, more than the \(segmentBytes) of a segment"
            )
        }
        let checked = CheckedBatch(bytes: bytes, header: batch.header)
        return maxTimestamp == batch.header.maxTimestamp ? checked : checked.correcting(maxTimestamp: maxTimestamp)
    }

    /// The bytes of the only batch, of format 2. What follows it and is not a whole batch is ignored, as Kafka does.
    private func singleBatch(in records: ByteBuffer) throws(BatchRefusal) -> ByteBuffer {
        var splitter = RecordBatchSplitter(records)
        let first: ByteBuffer?
        do throws(RecordBatchError) {
            first = try splitter.nextBytes()
        } catch {
            if case .unsupportedMagic = error { throw BatchRefusal(.invalidRecord, error.description) }
            throw BatchRefusal(.corruptMessage, error.description)
        }
        guard let first else {
            throw BatchRefusal(.invalidRecord, "there is no whole record batch in \(records.readableBytes) bytes")
        }
        guard isEnd(of: &splitter) else { throw BatchRefusal(.invalidRecord, "there is more than one record batch") }
        return first
    }

    private func isEnd(of splitter: inout RecordBatchSplitter) -> Bool {
        do throws(RecordBatchError) { return try splitter.nextBytes() == nil } catch { return false }
    }

    /// Checks codec, base offset, size and checksum.
    private func checkFrame(_ bytes: ByteBuffer) throws(BatchRefusal) -> RecordBatchReader {
        let header: RecordBatchHeader
        do throws(RecordBatchError) {
            header = try RecordBatchHeader(decoding: bytes)
        } catch {
            throw BatchRefusal(.corruptMessage, error.description)
        }
        if header.compressionType == .zstd, version < Self.firstZstdVersion {
            throw BatchRefusal(.unsupportedCompressionType, "zstd needs Produce version 7 and this is \(version)")
        }
        guard header.baseOffset == 0 else {
            throw BatchRefusal(.invalidRecord, "the base offset is \(header.baseOffset) and must be 0")
        }
        guard bytes.readableBytes <= maxMessageBytes else {
            throw BatchRefusal(
                .messageTooLarge,
                "the batch has \(bytes.readableBytes) bytes and max.message.bytes is \(maxMessageBytes)"
            )
        }
        do throws(RecordBatchError) {
            return try RecordBatchReader(bytes)
        } catch {
            switch error {
            case .unknownCompression: throw BatchRefusal(.unsupportedCompressionType, error.description)
            case .invalidRecordCount: throw BatchRefusal(.invalidRecord, error.description)
            default: throw BatchRefusal(.corruptMessage, error.description)
            }
        }
    }

    /// Checks what the header says by itself: offsets and count agree, nothing that only brokers write, a sequence.
    private func checkFields(of header: RecordBatchHeader) throws(BatchRefusal) {
        let objection: String? =
            if header.lastOffsetDelta < 0 {
                "the last offset delta is \(header.lastOffsetDelta)"
            } else if header.recordCount <= 0 {
                "the number of records is \(header.recordCount)"
            } else if Int64(header.lastOffsetDelta) + 1 != Int64(header.recordCount) {
                "the last offset delta is \(header.lastOffsetDelta) with \(header.recordCount) records"
            } else if header.isControl {
                "clients may not write control records"
            } else if header.isTransactional, !header.hasProducerID {
                "a batch of a transaction must have a producer id"
            } else if header.hasProducerID, header.baseSequence < 0 || header.producerEpoch < 0 {
                "producer \(header.producerID) has epoch \(header.producerEpoch) and sequence \(header.baseSequence)"
            } else {
                nil
            }
        if let objection { throw BatchRefusal(.invalidRecord, objection) }
        guard header.timestampType == .createTime else {
            throw BatchRefusal(.invalidTimestamp, "producers may not set the timestamp type to LogAppendTime")
        }
    }

    /// Checks each record, and returns the largest timestamp.
    private func checkRecords(of batch: RecordBatchReader) throws(BatchRefusal) -> Int64 {
        guard batch.compressionType == .none || checksCompressedRecords else { return batch.header.maxTimestamp }
        let section: ByteBuffer
        do throws(RecordBatchError) {
            section = try batch.decompressedSection()
        } catch {
            throw BatchRefusal(.corruptMessage, "\(error)")
        }
        return try walk(section.readableBytesUInt8Span, batch.header)
    }

    private func walk(_ records: Span<UInt8>, _ header: RecordBatchHeader) throws(BatchRefusal) -> Int64 {
        var walker = RecordWalker()
        do throws(RecordWalker.Objection) {
            try walker.walk(records, count: Int(header.recordCount))
        } catch {
            let place = error.record.map { "record \($0): " } ?? ""
            throw BatchRefusal(.invalidRecord, place + error.reason, records: error.record.map { [$0] } ?? [])
        }
        if requiresKeys, let record = walker.firstWithoutKey {
            throw BatchRefusal(
                .invalidRecord,
                "record \(record): a compacted topic takes no record without a key",
                records: [record]
            )
        }
        return header.baseTimestamp &+ (walker.maxTimestampDelta ?? 0)
    }
}
