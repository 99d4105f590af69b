// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaProtocol
public import NIOCore

/// What a broker changes of a batch that it stores: its codec, whose clock its timestamps come from, and when compaction may
/// drop what it keeps for the time being. Offsets stay as they are.
public struct RecordBatchChange: Sendable, Hashable {
    /// How the records are to be compressed; nil leaves it as it is.
    public var compression: CompressionType?
    /// The time of the broker's clock, in milliseconds since 1970, that stands for all records; nil leaves theirs.
    public var logAppendTime: Int64?
    /// From when on compaction may drop records without a value, and markers; nil leaves it as it is (KIP-534).
    public var deleteHorizon: Int64?

    /// Nothing is to change.
    public init() {}

    /// The batch with those of its records that are wanted.
    ///
    /// - Parameters:
    ///   - batch: The batch as it was.
    ///   - isKept: Whether a record stays.
    /// - Throws: ``RecordBatchError`` when the records cannot be read, or not be compressed.
    /// - Returns: The whole batch, with the checksum that follows. It may have no records left.
    public func apply(
        to batch: RecordBatchReader,
        keeping isKept: (Record) -> Bool = { _ in true }
    ) throws(RecordBatchError) -> ByteBuffer {
        var header = batch.header
        if let deleteHorizon {
            header.attributes |= Self.deleteHorizonBit
            header.baseTimestamp = deleteHorizon
        }
        var kept = try records(of: batch, shift: batch.header.baseTimestamp &- header.baseTimestamp, isKept)
        header.recordCount = kept.count
        if let logAppendTime {
            header.timestampType = .logAppendTime
            header.maxTimestamp = logAppendTime
        } else if header.timestampType == .createTime, let largest = kept.maxTimestamp {
            header.maxTimestamp = largest
        }
        let type = compression ?? batch.compressionType
        header.setCompressionType(type)
        return try encode(&header, &kept.section, type)
    }

    private static let deleteHorizonBit: Int16 = 1 << 6

    /// The records that stay, one after the other.
    private struct Kept {
        var section = ByteBuffer()
        var count: Int32 = 0
        var maxTimestamp: Int64?
    }

    private func records(
        of batch: RecordBatchReader,
        shift: Int64,
        _ isKept: (Record) -> Bool
    ) throws(RecordBatchError) -> Kept {
        let section = try batch.decompressedSection()
        var rest = section
        var iterator = batch.makeIterator(decompressed: section)
        var kept = Kept()
        while let record = try iterator.next() {
            // What the iterator has read can be read.
            guard let length = try? rest.decodeVarint(), let body = rest.readSlice(length: Int(length)) else { break }
            guard isKept(record) else { continue }
            Self.write(body, shift: shift, to: &kept.section)
            kept.count += 1
            kept.maxTimestamp = max(kept.maxTimestamp ?? .min, batch.header.timestamp(of: record))
        }
        return kept
    }

    /// A record behind its length: one byte of attributes, the timestamp's delta, and the rest.
    private static func write(_ body: ByteBuffer, shift: Int64, to section: inout ByteBuffer) {
        var rest = body
        guard shift != 0, let attributes = rest.readInteger(as: UInt8.self), let delta = try? rest.decodeVarlong()
        else {
            section.encode(varint: Int64(body.readableBytes))
            section.writeImmutableBuffer(body)
            return
        }
        let shifted = delta &+ shift
        section.encode(varint: Int64(1 + Varint.size(shifted) + rest.readableBytes))
        section.writeInteger(attributes)
        section.encode(varint: shifted)
        section.writeBuffer(&rest)
    }

    private func encode(
        _ header: inout RecordBatchHeader,
        _ section: inout ByteBuffer,
        _ type: CompressionType
    ) throws(RecordBatchError) -> ByteBuffer {
        var buffer = ByteBuffer()
        RecordBatchHeader.reserve(in: &buffer, minimumCapacity: RecordBatchHeader.size + section.readableBytes)
        if let codec = CodecName(type), section.readableBytes > 0 {
            do throws(CompressionError) {
                try Self.compress(section, codec, into: &buffer)
            } catch {
                throw .undecodable("\(error)")
            }
        } else {
            if section.readableBytes == 0 { header.setCompressionType(.none) }
            buffer.writeBuffer(&section)
        }
        header.batchLength = Int32(buffer.readableBytes - RecordBatchHeader.lengthOverhead)
        let checksum = CRC32C.checksum(of: buffer.readableBytesSpan.extracting(droppingFirst: RecordBatchHeader.size))
        let shift = CRC32C.Shift(over: buffer.readableBytes - RecordBatchHeader.size)
        header.write(into: &buffer, recordsChecksum: checksum, recordsShift: shift)
        return buffer
    }

    private static func compress(
        _ section: ByteBuffer,
        _ codec: CodecName,
        into buffer: inout ByteBuffer
    ) throws(CompressionError) {
        let chosen: Codec =
            switch codec {
            case .gzip: .gzip()
            case .snappy: .snappy
            case .lz4: .lz4()
            case .zstd: .zstd()
            }
        var compressor = try Compressor(chosen)
        let room = compressor.maximumCompressedSize(of: section.readableBytes)
        try buffer.writeWithOutputRawSpan(minimumWritableBytes: room) { output throws(CompressionError) in
            try compressor.compress(section.readableBytesSpan, into: &output)
        }
    }
}
