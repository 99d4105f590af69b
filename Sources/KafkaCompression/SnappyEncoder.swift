// SPDX-License-Identifier: Apache-2.0
import CSnappy

/// Compresses batches as Java's `SnappyOutputStream` does (xerial framing): blocks of 32 KiB, each a Snappy stream of
/// its own with its length in front.
public struct SnappyEncoder: ~Copyable {
    /// Bytes that a block holds before it is compressed.
    static let blockSize = 32 << 10

    /// Makes ready; libsnappy keeps nothing between calls.
    public init() {}

    /// Room in the output with which compressing `count` bytes always succeeds.
    public static func maximumCompressedSize(of count: Int) -> Int {
        let (whole, rest) = count.quotientAndRemainder(dividingBy: blockSize)
        return XerialFrame.header.count + whole * (XerialFrame.lengthSize + snappy_max_compressed_length(blockSize))
            + (rest == 0 ? 0 : XerialFrame.lengthSize + snappy_max_compressed_length(rest))
    }

    /// Appends the framed blocks that hold `source` to `output`; appends nothing when it throws.
    public mutating func compress(_ source: RawSpan, into output: inout OutputRawSpan) throws(CompressionError) {
        unsafe try output.appendBytes { room throws(CompressionError) in
            let header = XerialFrame.header
            guard room.count >= header.count else {
                throw CompressionError(.snappy, .outputTooSmall(available: room.count))
            }
            unsafe room.copyBytes(from: header)
            return unsafe try source.withUnsafeBytes { input throws(CompressionError) in
                var written = header.count
                var position = 0
                while position < input.count {
                    let end = min(position + Self.blockSize, input.count)
                    written += unsafe try Self.writeBlock(
                        UnsafeRawBufferPointer(rebasing: input[position..<end]),
                        into: UnsafeMutableRawBufferPointer(rebasing: room[written...])
                    )
                    position = end
                }
                return written
            }
        }
    }

    /// Writes length and compressed bytes of one block, and returns how many bytes that were.
    private static func writeBlock(
        _ input: UnsafeRawBufferPointer,
        into room: UnsafeMutableRawBufferPointer
    ) throws(CompressionError) -> Int {
        let lengthSize = XerialFrame.lengthSize
        // libsnappy does not look at how much room there is.
        guard room.count >= lengthSize + snappy_max_compressed_length(input.count) else {
            throw CompressionError(.snappy, .outputTooSmall(available: room.count))
        }
        var count = room.count - lengthSize
        let status = unsafe snappy_compress(
            input.baseAddress?.assumingMemoryBound(to: CChar.self),
            input.count,
            room.baseAddress.map { unsafe ($0 + lengthSize).assumingMemoryBound(to: CChar.self) },
            &count
        )
        guard status == SNAPPY_OK else {
            throw CompressionError(.snappy, .library("snappy_compress \(status.rawValue)"))
        }
        unsafe room.storeBytes(of: UInt32(count).bigEndian, as: UInt32.self)
        return lengthSize + count
    }
}
