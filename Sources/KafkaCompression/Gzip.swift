// SPDX-License-Identifier: Apache-2.0
import CZlib

/// Reads what gzip wrote, several members one after the other included.
public enum Gzip {
    /// The bytes that `source` was made from, `limit` of them at most.
    public static func decompress(_ source: RawSpan, limit: Int) throws(CompressionError) -> [UInt8] {
        guard source.byteCount <= Int(UInt32.max) else {
            throw CompressionError(.gzip, .sourceTooLarge(source.byteCount))
        }
        var output = BoundedOutput(codec: .gzip, limit: limit, expected: source.byteCount &* 4)
        let stream = try InflateStream()
        unsafe try source.withUnsafeBytes { input throws(CompressionError) in
            unsafe stream.setInput(input)
            repeat {
                var isMemberDone = false
                repeat {
                    unsafe try output.write { room throws(CompressionError) in
                        let step = unsafe try stream.inflate(into: room)
                        isMemberDone = step.isMemberDone
                        return step.written
                    }
                } while !isMemberDone
                // Another member, or something else, which its header then shows.
                stream.reset()
            } while stream.hasInput
        }
        return output.bytes
    }
}

/// A zlib stream that inflates gzip members.
@safe
private struct InflateStream: ~Copyable {
    struct Step {
        var written: Int
        var isMemberDone: Bool
    }

    /// 15 bits of window, and 16 for a gzip wrapper.
    private static let windowBits: Int32 = 15 + 16

    private let stream: UnsafeMutablePointer<z_stream>

    init() throws(CompressionError) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let status = unsafe inflateInit2_(
            stream,
            Self.windowBits,
            zlibVersion(),
            Int32(MemoryLayout<z_stream>.size)
        )
        guard status == Z_OK else {
            unsafe stream.deallocate()
            throw CompressionError(.gzip, status == Z_MEM_ERROR ? .outOfMemory : .library("inflateInit \(status)"))
        }
        unsafe self.stream = stream
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    var hasInput: Bool { unsafe stream.pointee.avail_in > 0 }

    /// Reads from `input`, at most 4 GiB, which must stay where it is while the stream is used.
    @unsafe
    func setInput(_ input: UnsafeRawBufferPointer) {
        // zlib does not write through next_in, it only lacks the const.
        unsafe stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        )
        unsafe stream.pointee.avail_in = UInt32(input.count)
    }

    /// Begins a new member where the last one ended.
    func reset() {
        unsafe inflateReset(stream)
    }

    /// Fills `room` as far as the input allows; says how many bytes that were, and whether the member ended.
    @unsafe
    func inflate(into room: UnsafeMutableRawBufferPointer) throws(CompressionError) -> Step {
        let available = UInt32(clamping: room.count)
        unsafe stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
        unsafe stream.pointee.avail_out = available
        let status = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
        let left = unsafe stream.pointee.avail_out
        switch status {
        case Z_STREAM_END: return Step(written: Int(available - left), isMemberDone: true)
        case Z_OK where left == 0 || hasInput: return Step(written: Int(available - left), isMemberDone: false)
        case Z_OK, Z_BUF_ERROR: throw CompressionError(.gzip, .truncated)
        case Z_MEM_ERROR: throw CompressionError(.gzip, .outOfMemory)
        default:
            let message = unsafe stream.pointee.msg.map { unsafe String(cString: $0) }
            throw CompressionError(.gzip, .corrupt(message ?? "inflate \(status)"))
        }
    }
}
