// SPDX-License-Identifier: Apache-2.0
public import KafkaCompression

extension CodecName {
    /// The codec that a batch's attributes name; nil for none.
    public init?(_ type: CompressionType) {
        switch type {
        case .none: return nil
        case .gzip: self = .gzip
        case .snappy: self = .snappy
        case .lz4: self = .lz4
        case .zstd: self = .zstd
        }
    }
}

extension CompressionType {
    /// The number of `codec` in a batch's attributes.
    public init(_ codec: CodecName) {
        switch codec {
        case .gzip: self = .gzip
        case .snappy: self = .snappy
        case .lz4: self = .lz4
        case .zstd: self = .zstd
        }
    }
}
