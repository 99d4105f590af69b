// SPDX-License-Identifier: Apache-2.0

/// A codec with the level to compress at, as `compression.type` and `compression.*.level` choose them.
public enum Codec: Sendable, Hashable {
    /// gzip at level 1 (fast) to 9 (small), or -1 for zlib's own default. Kafka's `compression.gzip.level`.
    case gzip(level: Int = Self.defaultGzipLevel)
    /// Snappy, which has no levels.
    case snappy
    /// LZ4 at level 1 to 17, where 9 is the fast compressor and all others the high compressor at that level. Kafka's
    /// `compression.lz4.level`.
    case lz4(level: Int = Self.defaultLZ4Level)
    /// Zstandard at level -131072 (fast) to 22 (small). Kafka's `compression.zstd.level`.
    case zstd(level: Int = Self.defaultZstdLevel)

    /// Default of `compression.gzip.level`.
    public static let defaultGzipLevel = -1
    /// Default of `compression.lz4.level`.
    public static let defaultLZ4Level = 9
    /// Default of `compression.zstd.level`.
    public static let defaultZstdLevel = 3

    /// The codec without its level.
    public var name: CodecName {
        switch self {
        case .gzip: .gzip
        case .snappy: .snappy
        case .lz4: .lz4
        case .zstd: .zstd
        }
    }
}
