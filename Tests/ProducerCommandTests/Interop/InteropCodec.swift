// SPDX-License-Identifier: Apache-2.0

/// The five values of `compression.type`.
enum InteropCodec: String, CaseIterable, Sendable {
    case none
    case gzip
    case snappy
    case lz4
    case zstd
}
