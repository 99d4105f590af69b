// SPDX-License-Identifier: Apache-2.0
import CLZ4

/// Reads LZ4 frames, several one after the other included.
public enum LZ4 {
    /// The bytes that `source` was made from, `limit` of them at most.
    public static func decompress(_ source: RawSpan, limit: Int) throws(CompressionError) -> [UInt8] {
        var output = BoundedOutput(codec: .lz4, limit: limit, expected: source.byteCount &* 4)
        let decoder = try FrameDecoder()
        unsafe try source.withUnsafeBytes { input throws(CompressionError) in
            var position = 0
            var isFrameDone = false
            while !(isFrameDone && position == input.count) {
                unsafe try output.write { room throws(CompressionError) in
                    let step = unsafe try decoder.decode(
                        UnsafeRawBufferPointer(rebasing: input[position...]),
                        into: room
                    )
                    guard step.consumed > 0 || step.written > 0 else { throw CompressionError(.lz4, .truncated) }
                    position += step.consumed
                    isFrameDone = step.isFrameDone
                    return step.written
                }
            }
        }
        return output.bytes
    }
}

/// A decompression context of liblz4's frame functions.
@safe
private struct FrameDecoder: ~Copyable {
    struct Step {
        var consumed: Int
        var written: Int
        var isFrameDone: Bool
    }

    private let context: OpaquePointer

    init() throws(CompressionError) {
        var context: OpaquePointer?
        let status = unsafe LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))
        guard LZ4F_isError(status) == 0, let context = unsafe context else {
            throw CompressionError(.lz4, .outOfMemory)
        }
        unsafe self.context = context
    }

    deinit {
        unsafe LZ4F_freeDecompressionContext(context)
    }

    /// Decodes as much of `input` as fits into `room`.
    @unsafe
    func decode(
        _ input: UnsafeRawBufferPointer,
        into room: UnsafeMutableRawBufferPointer
    ) throws(CompressionError) -> Step {
        var consumed = input.count
        var written = room.count
        let status = unsafe LZ4F_decompress(context, room.baseAddress, &written, input.baseAddress, &consumed, nil)
        guard LZ4F_isError(status) == 0 else {
            throw CompressionError(.lz4, .corrupt(unsafe String(cString: LZ4F_getErrorName(status))))
        }
        return Step(consumed: consumed, written: written, isFrameDone: status == 0)
    }
}
