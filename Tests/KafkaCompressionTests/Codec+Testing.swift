// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import KafkaCompression
import Testing

extension Compressor {
    /// The compressed form of `bytes` behind `prefix`, in as much room as is always enough unless `room` says otherwise.
    mutating func compress(
        _ bytes: [UInt8],
        room: Int? = nil,
        behind prefix: [UInt8] = []
    ) throws(CompressionError) -> [UInt8] {
        let capacity = prefix.count + (room ?? maximumCompressedSize(of: bytes.count))
        return try [UInt8](capacity: capacity) { span throws(CompressionError) in
            for byte in prefix { span.append(byte) }
            unsafe try span.withUnsafeMutableBufferPointer { buffer, initialized throws(CompressionError) in
                let raw = UnsafeMutableRawBufferPointer(buffer)
                var output = unsafe OutputRawSpan(buffer: raw, initializedCount: initialized)
                try compress(unsafe bytes.span.bytes, into: &output)
                initialized = output.byteCount
            }
        }
    }
}

extension Codec {
    /// All codecs at their default levels.
    static let defaults: [Codec] = [.gzip(), .snappy, .lz4(), .zstd()]

    /// The compressed form of `bytes`.
    func compress(_ bytes: [UInt8]) throws(CompressionError) -> [UInt8] {
        var compressor = try Compressor(self)
        return try compressor.compress(bytes)
    }
}

extension CodecName {
    /// What `bytes` were made from.
    func decompress(_ bytes: [UInt8], limit: Int = 4 << 20) throws(CompressionError) -> [UInt8] {
        try Decompressor.decompress(unsafe bytes.span.bytes, codec: self, limit: limit)
    }
}

/// Bytes to compress, the same in every run.
struct Sample: CustomTestStringConvertible {
    /// How well the bytes compress.
    enum Kind: String, CaseIterable {
        case zeros, text, noise
    }

    var kind: Kind
    var count: Int

    /// Sizes at which codecs begin a new block, or nearly.
    static let edges = [0, 1, 2, 15, 1000, 32767, 32768, 32769, 65535, 65536, 65537, 1 << 20]

    /// Every kind in every size.
    static let all = Kind.allCases.flatMap { kind in edges.map { Sample(kind: kind, count: $0) } }

    var testDescription: String { "\(count) bytes of \(kind.rawValue)" }

    var bytes: [UInt8] {
        var generator = SplitMix64(seed: UInt64(count) &+ 1)
        switch kind {
        case .zeros: return [UInt8](repeating: 0, count: count)
        case .noise:
            var words: [UInt64] = []
            for _ in 0..<(count + 7) / 8 { words.append(generator.next()) }
            return unsafe words.withUnsafeBytes { bytes in unsafe Array(bytes.prefix(count)) }
        case .text:
            let words = ["order", "payment", "customer", " ", "=", "\n", "2024-05-17T", "0", "1", "9"]
            var bytes: [UInt8] = []
            while bytes.count < count {
                bytes.append(contentsOf: words[Int(generator.next() % UInt64(words.count))].utf8)
            }
            return Array(bytes.prefix(count))
        }
    }
}
