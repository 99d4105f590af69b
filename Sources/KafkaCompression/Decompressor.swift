// SPDX-License-Identifier: Apache-2.0

/// Turns the compressed records of a batch back into what they were, whichever codec compressed them.
public enum Decompressor {
    /// The bytes that `source` was made from.
    ///
    /// - Parameters:
    ///   - source: What the codec wrote, from its first byte to its last.
    ///   - codec: The codec.
    ///   - limit: Most bytes that may come out. No more memory than this and a codec's window is ever taken, whatever
    ///     lengths the source claims.
    /// - Returns: The decompressed bytes.
    /// - Throws: When `source` is truncated, damaged or followed by something else, or when the limit is exceeded.
    public static func decompress(
        _ source: RawSpan,
        codec: CodecName,
        limit: Int
    ) throws(CompressionError) -> [UInt8] {
        switch codec {
        case .gzip: try Gzip.decompress(source, limit: limit)
        case .snappy: try Snappy.decompress(source, limit: limit)
        case .lz4: try LZ4.decompress(source, limit: limit)
        case .zstd: try Zstd.decompress(source, limit: limit)
        }
    }
}
