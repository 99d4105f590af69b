// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
public import NIOCore

/// A batch whose frame was checked (length, format, checksum, codec, count), and the way to its records.
public struct RecordBatchReader: Sendable {
    /// What the first 61 bytes say.
    public let header: RecordBatchHeader
    /// How the records are compressed.
    public let compressionType: CompressionType
    /// The whole batch, header included, sharing the memory it was read from.
    public let buffer: ByteBuffer

    /// Checks the batch that `buffer` holds from its first readable byte to its last.
    public init(_ buffer: ByteBuffer) throws(RecordBatchError) {
        let header = try RecordBatchHeader(decoding: buffer)
        guard header.batchSize <= buffer.readableBytes else {
            throw .truncated(needed: header.batchSize, available: buffer.readableBytes)
        }
        guard header.batchSize == buffer.readableBytes else {
            throw .trailingBytes(buffer.readableBytes - header.batchSize)
        }
        let computed = CRC32C.checksum(
            of: buffer.readableBytesSpan.extracting(droppingFirst: RecordBatchHeader.checksummedOffset)
        )
        guard computed == header.checksum else {
            throw .checksumMismatch(expected: header.checksum, computed: computed)
        }
        guard let compressionType = header.compressionType else {
            throw .unknownCompression(attributes: header.attributes)
        }
        guard header.recordCount >= 0 else { throw .invalidRecordCount(header.recordCount) }
        self.header = header
        self.compressionType = compressionType
        self.buffer = buffer.slice()
    }

    /// The bytes behind the header, compressed if the batch is.
    public var recordsSection: ByteBuffer {
        var section = buffer
        section.moveReaderIndex(forwardBy: RecordBatchHeader.size)
        return section
    }

    /// The records of a batch that is not compressed, to be read one by one.
    public func makeIterator() throws(RecordBatchError) -> RecordIterator {
        guard compressionType == .none else { throw .compressed(compressionType) }
        return makeIterator(decompressed: recordsSection)
    }

    /// The records of a batch, to be read one by one out of `section`, what decompressing `recordsSection` gave.
    public func makeIterator(decompressed section: ByteBuffer) -> RecordIterator {
        RecordIterator(section: section, recordCount: Int(header.recordCount))
    }

    /// All records of a batch that is not compressed.
    public func records() throws(RecordBatchError) -> [Record] {
        try Self.collect(try makeIterator())
    }

    /// All records of a batch, read out of `section`, what decompressing `recordsSection` gave.
    public func records(decompressed section: ByteBuffer) throws(RecordBatchError) -> [Record] {
        try Self.collect(makeIterator(decompressed: section))
    }

    private static func collect(_ iterator: consuming RecordIterator) throws(RecordBatchError) -> [Record] {
        var records: [Record] = []
        while let record = try iterator.next() { records.append(record) }
        return records
    }
}
