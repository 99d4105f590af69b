// SPDX-License-Identifier: Apache-2.0

/// The codec of record batches and its level: Kafka's `compression.type` and `compression.*.level`.
@nonexhaustive
public enum Compression: Sendable, Hashable {
    /// Batches are sent as they are.
    case none
    /// gzip, at level 1 to 9, or -1 for zlib's own default.
    case gzip(level: Int = -1)
    /// Snappy in xerial framing; it has no levels.
    case snappy
    /// LZ4 frames, at level 1 to 17; 9 is the fast compressor in the Java client, others its high compression.
    case lz4(level: Int = 9)
    /// Zstandard, at level -131072 to 22.
    case zstd(level: Int = 3)

    /// Kafka's name of the codec, as in `compression.type`.
    public var name: String {
        switch self {
        case .none: "none"
        case .gzip: "gzip"
        case .snappy: "snappy"
        case .lz4: "lz4"
        case .zstd: "zstd"
        }
    }
}
