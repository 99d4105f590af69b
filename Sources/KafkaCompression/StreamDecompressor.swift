// SPDX-License-Identifier: Apache-2.0
import CLZ4
import CZlib
import CZstd

/// Decompresses a file piece by piece: gzip members, zstd or LZ4 frames, several one after the other included.
@safe
public struct StreamDecompressor: ~Copyable {
    /// What a file is compressed with.
    public enum Format: Sendable, Hashable, CaseIterable {
        case gzip, zstd, lz4

        /// What such a file begins with.
        public var beginning: [UInt8] {
            switch self {
            case .gzip: [0x1F, 0x8B]
            case .zstd: [0x28, 0xB5, 0x2F, 0xFD]
            case .lz4: [0x04, 0x22, 0x4D, 0x18]
            }
        }

        fileprivate var codec: CodecName {
            switch self {
            case .gzip: .gzip
            case .zstd: .zstd
            case .lz4: .lz4
            }
        }
    }

    /// What one step has done.
    public struct Step: Sendable {
        /// So many bytes of the input are used up.
        public var consumed: Int
        /// So many bytes were written.
        public var written: Int
    }

    @unsafe
    private enum Library {
        case gzip(UnsafeMutablePointer<z_stream>)
        case zstd(OpaquePointer)
        case lz4(OpaquePointer)
    }

    private let library: Library
    private let codec: CodecName
    /// Whether everything so far was whole: the input may end here.
    public private(set) var isBetweenFrames = false

    /// A decompressor at the beginning of a file.
    public init(_ format: Format) throws(CompressionError) {
        codec = format.codec
        switch format {
        case .gzip:
            let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
            unsafe stream.initialize(to: z_stream())
            // 15 bits of window, and 16 for a gzip wrapper.
            let status = unsafe inflateInit2_(stream, 15 + 16, zlibVersion(), Int32(MemoryLayout<z_stream>.size))
            guard status == Z_OK else {
                unsafe stream.deallocate()
                throw CompressionError(.gzip, .outOfMemory)
            }
            unsafe library = .gzip(stream)
        case .zstd:
            guard let context = unsafe ZSTD_createDStream() else { throw CompressionError(.zstd, .outOfMemory) }
            unsafe library = .zstd(context)
        case .lz4:
            var context: OpaquePointer?
            let status = unsafe LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))
            guard LZ4F_isError(status) == 0, let context = unsafe context else {
                throw CompressionError(.lz4, .outOfMemory)
            }
            unsafe library = .lz4(context)
        }
    }

    deinit {
        switch unsafe library {
        case .gzip(let stream):
            unsafe inflateEnd(stream)
            unsafe stream.deallocate()
        case .zstd(let context): unsafe ZSTD_freeDStream(context)
        case .lz4(let context): unsafe LZ4F_freeDecompressionContext(context)
        }
    }

    /// Decompresses as much of `input` as fits into `room`, neither of them empty and at most 1 GiB.
    ///
    /// - Returns: What that used up and gave.
    /// - Throws: ``CompressionError`` when the bytes are damaged.
    @unsafe
    public mutating func decompress(
        _ input: UnsafeRawBufferPointer,
        into room: UnsafeMutableRawBufferPointer
    ) throws(CompressionError) -> Step {
        switch unsafe library {
        case .gzip(let stream): unsafe try inflate(stream, input, room)
        case .zstd(let context): unsafe try decompress(zstd: context, input, room)
        case .lz4(let context): unsafe try decompress(lz4: context, input, room)
        }
    }

    @unsafe
    private mutating func inflate(
        _ stream: UnsafeMutablePointer<z_stream>,
        _ input: UnsafeRawBufferPointer,
        _ room: UnsafeMutableRawBufferPointer
    ) throws(CompressionError) -> Step {
        // zlib does not write through next_in, it only lacks the const.
        unsafe stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        )
        let (available, space) = (UInt32(clamping: input.count), UInt32(clamping: room.count))
        unsafe stream.pointee.avail_in = available
        unsafe stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
        unsafe stream.pointee.avail_out = space
        let status = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
        let step = unsafe Step(
            consumed: Int(available - stream.pointee.avail_in),
            written: Int(space - stream.pointee.avail_out)
        )
        switch status {
        case Z_STREAM_END:
            // Another member, or something else, which its header then shows.
            unsafe inflateReset(stream)
            isBetweenFrames = true
        case Z_OK, Z_BUF_ERROR: isBetweenFrames = isBetweenFrames && step.consumed == 0
        case Z_MEM_ERROR: throw CompressionError(.gzip, .outOfMemory)
        default:
            let message = unsafe stream.pointee.msg.map { unsafe String(cString: $0) }
            throw CompressionError(.gzip, .corrupt(message ?? "inflate \(status)"))
        }
        return step
    }

    @unsafe
    private mutating func decompress(
        zstd context: OpaquePointer,
        _ input: UnsafeRawBufferPointer,
        _ room: UnsafeMutableRawBufferPointer
    ) throws(CompressionError) -> Step {
        var output = unsafe ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
        var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        let status = unsafe ZSTD_decompressStream(context, &output, &source)
        guard ZSTD_isError(status) == 0 else { throw Zstd.error(status, available: room.count) }
        isBetweenFrames = status == 0
        return unsafe Step(consumed: source.pos, written: output.pos)
    }

    @unsafe
    private mutating func decompress(
        lz4 context: OpaquePointer,
        _ input: UnsafeRawBufferPointer,
        _ room: UnsafeMutableRawBufferPointer
    ) throws(CompressionError) -> Step {
        var step = Step(consumed: input.count, written: room.count)
        let status = unsafe LZ4F_decompress(
            context,
            room.baseAddress,
            &step.written,
            input.baseAddress,
            &step.consumed,
            nil
        )
        guard LZ4F_isError(status) == 0 else {
            throw CompressionError(.lz4, .corrupt(unsafe String(cString: LZ4F_getErrorName(status))))
        }
        isBetweenFrames = status == 0
        return step
    }
}
