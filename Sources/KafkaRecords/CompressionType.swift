// SPDX-License-Identifier: Apache-2.0

/// How the records of a batch are compressed, as the lowest three bits of the batch's attributes say it.
public enum CompressionType: Int8, Sendable, Hashable, CaseIterable {
    /// The records follow the header as they are.
    case none = 0
    /// One or more gzip members (RFC 1952).
    case gzip = 1
    /// Snappy blocks in xerial framing, as Java's `SnappyOutputStream` writes them.
    case snappy = 2
    /// LZ4 frames.
    case lz4 = 3
    /// Zstandard frames; Produce version 7 or newer.
    case zstd = 4

    /// The word that Kafka's `compression.type` uses for this codec.
    public var name: String {
        switch self {
        case .none: "none"
        case .gzip: "gzip"
        case .snappy: "snappy"
        case .lz4: "lz4"
        case .zstd: "zstd"
        }
    }

    /// The codec that Kafka's `compression.type` calls `name`, or nil when there is none of that name.
    public init?(name: some StringProtocol) {
        guard let type = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = type
    }
}
