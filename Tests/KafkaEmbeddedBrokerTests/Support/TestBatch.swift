// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaProtocol
import KafkaRecords
import NIOCore

@testable import KafkaEmbeddedBroker

/// Batches as producers send them, and as no producer should.
enum TestBatch {
    /// A time, in milliseconds since 1970.
    static let time: Int64 = 1_700_000_000_000

    /// A batch of records with these values and timestamps one millisecond apart.
    static func make(
        _ values: [String] = ["one", "two", "three"],
        codec: CodecName? = nil,
        timestamp: Int64 = time,
        producerID: Int64 = -1,
        epoch: Int16 = -1,
        sequence: Int32 = -1
    ) throws -> ByteBuffer {
        var builder = RecordBatchBuilder(reusing: ByteBuffer(), limit: 1 << 24)
        for (index, value) in values.enumerated() {
            let bytes = Array(value.utf8)
            _ = builder.append(key: nil, value: bytes.span, timestamp: timestamp + Int64(index))
        }
        let contents = builder.finish()
        var batch = if let codec { try compressed(contents, codec) } else { contents.sealed() }
        batch.stamp(producerID: producerID, producerEpoch: epoch, baseSequence: sequence)
        return batch.buffer
    }

    /// A batch of records with keys and values, where nil is null, all with one timestamp.
    static func keyed(
        _ records: [(key: String?, value: String?)],
        codec: CodecName? = nil,
        timestamp: Int64 = time,
        producer: ProducerIdentity = .none,
        sequence: Int32 = -1,
        isTransactional: Bool = false
    ) throws -> ByteBuffer {
        var builder = RecordBatchBuilder(reusing: ByteBuffer(), limit: 1 << 24)
        for (key, value) in records {
            let (key, value) = (key.map { Array($0.utf8) }, value.map { Array($0.utf8) })
            if let key, let value {
                _ = builder.append(key: key.span, value: value.span, timestamp: timestamp)
            } else if let key {
                _ = builder.append(key: key.span, value: nil, timestamp: timestamp)
            } else if let value {
                _ = builder.append(key: nil, value: value.span, timestamp: timestamp)
            } else {
                _ = builder.append(key: nil, value: nil, timestamp: timestamp)
            }
        }
        let contents = builder.finish()
        var batch = if let codec { try compressed(contents, codec) } else { contents.sealed() }
        batch.stamp(
            producerID: producer.id,
            producerEpoch: producer.epoch,
            baseSequence: sequence,
            isTransactional: isTransactional
        )
        return batch.buffer
    }

    /// A batch as it is stored, with its place in the log.
    static func stored(_ values: [String] = ["one", "two", "three"], baseOffset: Int64) throws -> ByteBuffer {
        var batch = try make(values)
        RecordBatchHeader.assign(baseOffset: baseOffset, partitionLeaderEpoch: 0, in: &batch)
        return batch
    }

    /// A batch that was found to be right.
    static func checked(_ batch: ByteBuffer) throws -> CheckedBatch {
        let validator = BatchValidator(
            version: 9,
            maxMessageBytes: 1 << 20,
            segmentBytes: 1 << 30,
            requiresKeys: false,
            checksCompressedRecords: true
        )
        return try validator.check(batch)
    }

    /// The batch with some integer in it changed, and the checksum made right again.
    static func setting<I: FixedWidthInteger>(_ value: I, at index: Int, in batch: ByteBuffer) -> ByteBuffer {
        var changed = batch
        changed.setInteger(value, at: index)
        let checksum = CRC32C.checksum(of: changed.readableBytesSpan.extracting(droppingFirst: 21))
        changed.setInteger(checksum, at: 17)
        return changed
    }

    private static func compressed(_ contents: borrowing RecordBatchContents, _ codec: CodecName) throws
        -> SealedRecordBatch
    {
        let type: CompressionType
        let configured: Codec
        switch codec {
        case .gzip: (type, configured) = (.gzip, .gzip())
        case .snappy: (type, configured) = (.snappy, .snappy)
        case .lz4: (type, configured) = (.lz4, .lz4())
        case .zstd: (type, configured) = (.zstd, .zstd())
        }
        var compressor = try Compressor(configured)
        let room = compressor.maximumCompressedSize(of: contents.recordsSize)
        var buffer = ByteBuffer()
        RecordBatchHeader.reserve(in: &buffer, minimumCapacity: RecordBatchHeader.size + room)
        try buffer.writeWithOutputRawSpan(minimumWritableBytes: room) { output in
            try contents.withRecords { records in try compressor.compress(records, into: &output) }
        }
        return contents.sealed(compressed: buffer, as: type)
    }
}
