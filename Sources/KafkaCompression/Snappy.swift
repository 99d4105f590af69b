// SPDX-License-Identifier: Apache-2.0
import CSnappy

/// Reads what Snappy wrote, in the framing of Java's streams or raw.
public enum Snappy {
    /// One element of three bytes copies at most 64: no source can hold more than this times its length.
    private static let largestRatio = 64

    /// The bytes that `source` was made from, `limit` of them at most.
    public static func decompress(_ source: RawSpan, limit: Int) throws(CompressionError) -> [UInt8] {
        guard source.byteCount > 0 else { throw CompressionError(.snappy, .truncated) }
        return unsafe try source.withUnsafeBytes { input throws(CompressionError) in
            var output = BoundedOutput(codec: .snappy, limit: limit, expected: 0)
            guard unsafe input.starts(with: XerialFrame.magic) else {
                unsafe try decompressBlock(input, into: &output)
                return output.bytes
            }
            var position = unsafe try skipHeader(input, at: 0)
            while position < input.count {
                // A block as long as the magic says would have a negative length: it is another stream.
                if unsafe input[position...].starts(with: XerialFrame.magic) {
                    position = unsafe try skipHeader(input, at: position)
                    continue
                }
                let length = Int(unsafe try loadUInt32(input, at: position))
                position += XerialFrame.lengthSize
                guard length <= input.count - position else { throw CompressionError(.snappy, .truncated) }
                unsafe try decompressBlock(
                    UnsafeRawBufferPointer(rebasing: input[position..<(position + length)]),
                    into: &output
                )
                position += length
            }
            return output.bytes
        }
    }

    private static func decompressBlock(
        _ input: UnsafeRawBufferPointer,
        into output: inout BoundedOutput
    ) throws(CompressionError) {
        let start = unsafe input.baseAddress?.assumingMemoryBound(to: CChar.self)
        var count = 0
        guard unsafe snappy_uncompressed_length(start, input.count, &count) == SNAPPY_OK,
            count / largestRatio <= input.count
        else {
            throw CompressionError(.snappy, .corrupt("impossible length"))
        }
        unsafe try output.write(exactly: count) { room throws(CompressionError) in
            var written = room.count
            let status = unsafe snappy_uncompress(
                start,
                input.count,
                room.baseAddress?.assumingMemoryBound(to: CChar.self),
                &written
            )
            guard status == SNAPPY_OK, written == count else {
                throw CompressionError(.snappy, .corrupt("invalid block"))
            }
        }
    }

    /// The position behind the stream header at `position`.
    private static func skipHeader(_ input: UnsafeRawBufferPointer, at position: Int) throws(CompressionError) -> Int {
        // What must be able to read the stream, behind the version of what wrote it.
        let lowestCompatible = unsafe try loadUInt32(input, at: position + XerialFrame.header.count - 4)
        guard lowestCompatible <= XerialFrame.version else {
            throw CompressionError(.snappy, .corrupt("xerial version \(lowestCompatible)"))
        }
        return position + XerialFrame.header.count
    }

    private static func loadUInt32(_ input: UnsafeRawBufferPointer, at position: Int) throws(CompressionError) -> UInt32
    {
        guard input.count - position >= 4 else { throw CompressionError(.snappy, .truncated) }
        return UInt32(bigEndian: unsafe input.loadUnaligned(fromByteOffset: position, as: UInt32.self))
    }
}
