// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaProtocol
import NIOCore
import Testing

// What the producer and the broker do with batches, in the fewest lines.

extension RecordBatchReader {
    /// All records, whatever the codec.
    func decompressedRecords(limit: Int = 1 << 26) throws -> [Record] {
        guard compressionType != .none else { return try records() }
        let codec = try #require(CodecName(rawValue: compressionType.name))
        let section = try Decompressor.decompress(recordsSection.readableBytesSpan, codec: codec, limit: limit)
        return try records(decompressed: ByteBuffer(bytes: section))
    }
}

extension RecordBatchContents {
    /// The batch compressed with `codec`.
    func sealed(with codec: Codec) throws -> SealedRecordBatch {
        var compressor = try Compressor(codec)
        let room = compressor.maximumCompressedSize(of: recordsSize)
        var output = ByteBuffer()
        RecordBatchHeader.reserve(in: &output, minimumCapacity: RecordBatchHeader.size + room)
        try withRecords { records throws(CompressionError) in
            try output.writeWithOutputRawSpan(minimumWritableBytes: room) { output throws(CompressionError) in
                try compressor.compress(records, into: &output)
            }
        }
        return sealed(compressed: output, as: try #require(CompressionType(name: codec.name.rawValue)))
    }
}

extension SealedRecordBatch {
    /// Stamps what the entry says.
    mutating func stamp(_ entry: RecordBatchVectors.Entry) {
        stamp(
            producerID: entry.producerId,
            producerEpoch: entry.producerEpoch,
            baseSequence: entry.baseSequence,
            isTransactional: entry.transactional
        )
    }
}

extension ByteBuffer {
    /// Where the readable bytes lie, to tell a copy from the same memory.
    var address: Int {
        unsafe withUnsafeReadableBytes { Int(bitPattern: $0.baseAddress) }
    }
}
