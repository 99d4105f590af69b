// SPDX-License-Identifier: Apache-2.0

/// Compresses the records of one batch after the other with one codec, its working memory kept in between.
public enum Compressor: ~Copyable {
    /// Works as gzip.
    case gzip(GzipEncoder)
    /// Works as Snappy.
    case snappy(SnappyEncoder)
    /// Works as LZ4.
    case lz4(LZ4Encoder)
    /// Works as Zstandard.
    case zstd(ZstdEncoder)

    /// Makes ready to compress with `codec`; throws when it has no such level, or when there is no memory.
    public init(_ codec: Codec) throws(CompressionError) {
        switch codec {
        case .gzip(let level): self = .gzip(try GzipEncoder(level: level))
        case .snappy: self = .snappy(SnappyEncoder())
        case .lz4(let level): self = .lz4(try LZ4Encoder(level: level))
        case .zstd(let level): self = .zstd(try ZstdEncoder(level: level))
        }
    }

    /// Room in the output with which compressing `count` bytes always succeeds.
    public func maximumCompressedSize(of count: Int) -> Int {
        switch self {
        case .gzip(let encoder): encoder.maximumCompressedSize(of: count)
        case .snappy: SnappyEncoder.maximumCompressedSize(of: count)
        case .lz4: LZ4Encoder.maximumCompressedSize(of: count)
        case .zstd: ZstdEncoder.maximumCompressedSize(of: count)
        }
    }

    /// Appends the compressed form of `source` to `output`; appends nothing when it throws.
    public mutating func compress(_ source: RawSpan, into output: inout OutputRawSpan) throws(CompressionError) {
        // Each encoder is taken out and put back, whether it failed or not.
        let failure: CompressionError?
        switch consume self {
        case .gzip(var encoder):
            failure = encoder.failure(compressing: source, into: &output)
            self = .gzip(encoder)
        case .snappy(var encoder):
            failure = encoder.failure(compressing: source, into: &output)
            self = .snappy(encoder)
        case .lz4(var encoder):
            failure = encoder.failure(compressing: source, into: &output)
            self = .lz4(encoder)
        case .zstd(var encoder):
            failure = encoder.failure(compressing: source, into: &output)
            self = .zstd(encoder)
        }
        if let failure { throw failure }
    }
}

/// What the four encoders have in common.
private protocol Encoder: ~Copyable {
    mutating func compress(_ source: RawSpan, into output: inout OutputRawSpan) throws(CompressionError)
}

extension GzipEncoder: Encoder {}
extension SnappyEncoder: Encoder {}
extension LZ4Encoder: Encoder {}
extension ZstdEncoder: Encoder {}

extension Encoder where Self: ~Copyable {
    /// Compresses, and returns rather than throws the error, so that the encoder can be put back first.
    fileprivate mutating func failure(
        compressing source: RawSpan,
        into output: inout OutputRawSpan
    ) -> CompressionError? {
        do throws(CompressionError) {
            try compress(source, into: &output)
            return nil
        } catch {
            return error
        }
    }
}
