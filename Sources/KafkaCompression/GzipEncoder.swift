// SPDX-License-Identifier: Apache-2.0
import CZlib

/// Compresses batches as gzip members, the zlib stream kept for all of them.
@safe
public struct GzipEncoder: ~Copyable {
    /// 15 bits of window, and 16 for a gzip wrapper.
    private static let windowBits: Int32 = 15 + 16
    /// zlib's own default.
    private static let memoryLevel: Int32 = 8

    // zlib keeps a pointer back to the stream: it must not move.
    private let stream: UnsafeMutablePointer<z_stream>

    /// - Parameter level: 1 to 9, or -1 for zlib's default.
    /// - Throws: When there is no such level, or no memory.
    public init(level: Int = Codec.defaultGzipLevel) throws(CompressionError) {
        guard level == -1 || (1...9).contains(level) else { throw CompressionError(.gzip, .invalidLevel(level)) }
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let status = unsafe deflateInit2_(
            stream,
            Int32(level),
            Z_DEFLATED,
            Self.windowBits,
            Self.memoryLevel,
            Z_DEFAULT_STRATEGY,
            zlibVersion(),
            Int32(MemoryLayout<z_stream>.size)
        )
        guard status == Z_OK else {
            unsafe stream.deallocate()
            throw CompressionError(.gzip, status == Z_MEM_ERROR ? .outOfMemory : .library("deflateInit \(status)"))
        }
        unsafe self.stream = stream
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Room in the output with which compressing `count` bytes always succeeds.
    public func maximumCompressedSize(of count: Int) -> Int {
        Int(clamping: unsafe deflateBound(stream, UInt(max(count, 0))))
    }

    /// Appends one gzip member that holds `source` to `output`; appends nothing when it throws.
    public mutating func compress(_ source: RawSpan, into output: inout OutputRawSpan) throws(CompressionError) {
        guard let sourceCount = UInt32(exactly: source.byteCount) else {
            throw CompressionError(.gzip, .sourceTooLarge(source.byteCount))
        }
        unsafe try output.appendBytes { room throws(CompressionError) in
            unsafe try source.withUnsafeBytes { input throws(CompressionError) in
                // Ready for the next batch whatever comes of this one: a stream that is done forgets its trailer's size.
                defer { unsafe deflateReset(stream) }
                // zlib does not write through next_in, it only lacks the const.
                unsafe stream.pointee.next_in = UnsafeMutablePointer(
                    mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self)
                )
                unsafe stream.pointee.avail_in = sourceCount
                unsafe stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
                let available = UInt32(clamping: room.count)
                unsafe stream.pointee.avail_out = available
                let status = unsafe deflate(stream, Z_FINISH)
                guard status == Z_STREAM_END else {
                    throw CompressionError(.gzip, .outputTooSmall(available: room.count))
                }
                let left = unsafe stream.pointee.avail_out
                return Int(available - left)
            }
        }
    }
}
