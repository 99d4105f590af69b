// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaProtocol
import NIOCore

extension RecordBatchReader {
    /// Bytes that a batch may have once it is decompressed; more is taken for an attack.
    static let decompressionLimit = 512 * 1024 * 1024

    /// All records, decompressed if they are compressed. Throws `RecordBatchError` or `CompressionError`.
    func decompressedRecords() throws -> [Record] {
        guard let codec = CodecName(compressionType) else { return try records() }
        let bytes = try Decompressor.decompress(
            recordsSection.readableBytesSpan,
            codec: codec,
            limit: Self.decompressionLimit
        )
        return try records(decompressed: ByteBuffer(bytes: bytes))
    }
}

extension CodecName {
    /// The codec that a batch's attributes name; nil for none.
    init?(_ type: CompressionType) {
        switch type {
        case .none: return nil
        case .gzip: self = .gzip
        case .snappy: self = .snappy
        case .lz4: self = .lz4
        case .zstd: self = .zstd
        }
    }
}
