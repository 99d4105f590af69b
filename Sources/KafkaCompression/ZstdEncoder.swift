// SPDX-License-Identifier: Apache-2.0
import CZstd

/// Compresses batches as Zstandard frames, the context kept for all of them because creating one costs megabytes.
@safe
public struct ZstdEncoder: ~Copyable {
    private let context: OpaquePointer

    /// - Parameter level: -131072 to 22.
    /// - Throws: When there is no such level, or no memory.
    public init(level: Int = Codec.defaultZstdLevel) throws(CompressionError) {
        guard level >= Int(ZSTD_minCLevel()), level <= Int(ZSTD_maxCLevel()) else {
            throw CompressionError(.zstd, .invalidLevel(level))
        }
        guard let context = unsafe ZSTD_createCCtx() else { throw CompressionError(.zstd, .outOfMemory) }
        let status = unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(level))
        guard ZSTD_isError(status) == 0 else {
            unsafe ZSTD_freeCCtx(context)
            throw CompressionError(.zstd, .invalidLevel(level))
        }
        unsafe self.context = context
    }

    deinit {
        unsafe ZSTD_freeCCtx(context)
    }

    /// Room in the output with which compressing `count` bytes always succeeds.
    public static func maximumCompressedSize(of count: Int) -> Int {
        ZSTD_compressBound(max(count, 0))
    }

    /// Appends one frame that holds `source` to `output`; appends nothing when it throws.
    public mutating func compress(_ source: RawSpan, into output: inout OutputRawSpan) throws(CompressionError) {
        unsafe try output.appendBytes { room throws(CompressionError) in
            // Begins a new frame by itself, also after a failure.
            let status = unsafe source.withUnsafeBytes { input in
                unsafe ZSTD_compress2(context, room.baseAddress, room.count, input.baseAddress, input.count)
            }
            guard ZSTD_isError(status) == 0 else { throw Zstd.error(status, available: room.count) }
            return status
        }
    }
}
