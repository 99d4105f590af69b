// SPDX-License-Identifier: Apache-2.0

/// The codecs of Kafka's record batches, by the words that `compression.type` uses for them.
public enum CodecName: String, Sendable, Hashable, CaseIterable {
    /// One gzip member or more (RFC 1952).
    case gzip
    /// Snappy blocks in xerial framing.
    case snappy
    /// LZ4 frames of 64 KiB blocks.
    case lz4
    /// Zstandard frames (RFC 8878).
    case zstd
}
