// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
public import NIOCore

extension RecordBatchReader {
    /// The bytes that a batch may have once it is decompressed, 512 MiB; more is taken for an attack.
    public static let decompressionLimit = 512 << 20

    /// The uncompressed bytes of the records, whatever the codec.
    ///
    /// - Parameter limit: The most bytes that may come out. Default: ``decompressionLimit``.
    /// - Returns: The bytes, those of the batch itself when it is not compressed.
    /// - Throws: ``RecordBatchError/undecodable(_:)`` when the records cannot be decompressed.
    public func decompressedSection(limit: Int = Self.decompressionLimit) throws(RecordBatchError) -> ByteBuffer {
        guard let codec = CodecName(compressionType) else { return recordsSection }
        do throws(CompressionError) {
            let section = recordsSection
            return ByteBuffer(bytes: try Decompressor.decompress(section.readableBytesSpan, codec: codec, limit: limit))
        } catch {
            throw .undecodable("\(error)")
        }
    }

    /// All records, whatever the codec.
    ///
    /// - Parameter limit: The most bytes that the records may have uncompressed. Default: ``decompressionLimit``.
    /// - Returns: The records in their order.
    /// - Throws: ``RecordBatchError`` when the records cannot be decompressed or are malformed.
    public func decompressedRecords(limit: Int = Self.decompressionLimit) throws(RecordBatchError) -> [Record] {
        try records(decompressed: try decompressedSection(limit: limit))
    }
}
