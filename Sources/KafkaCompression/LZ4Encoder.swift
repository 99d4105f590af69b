// SPDX-License-Identifier: Apache-2.0
import CLZ4

/// Compresses batches as LZ4 frames of independent 64 KiB blocks, without checksums or content size, as Java's client
/// writes them.
///
///     magic 4 · flags 1 · block descriptor 1 · header checksum 1 · blocks: length 4 (high bit: stored) · bytes · 0 4
///
/// The frame is written here rather than by liblz4's frame functions because those cannot reach the high compressor's
/// two lowest levels, and copy.
@safe
public struct LZ4Encoder: ~Copyable {
    /// Magic, version 1 with independent blocks, blocks of 64 KiB, and the checksum of these two bytes.
    private static let header: [UInt8] = [0x04, 0x22, 0x4D, 0x18, 0x60, 0x40, 0x82]
    private static let blockSize = 64 << 10
    private static let lengthSize = 4
    private static let storedBit: UInt32 = 1 << 31
    /// The level at which Kafka uses the fast compressor; at all others the high one.
    private static let fastLevel = Codec.defaultLZ4Level

    private let state: UnsafeMutableRawPointer
    private let level: Int

    /// - Parameter level: 1 to 17; 9 is the fast compressor, others the high compressor at that level.
    /// - Throws: When there is no such level.
    public init(level: Int = Codec.defaultLZ4Level) throws(CompressionError) {
        guard (1...17).contains(level) else { throw CompressionError(.lz4, .invalidLevel(level)) }
        self.level = level
        let size = level == Self.fastLevel ? LZ4_sizeofState() : LZ4_sizeofStateHC()
        unsafe state = .allocate(byteCount: Int(size), alignment: 16)
    }

    deinit {
        unsafe state.deallocate()
    }

    /// Room in the output with which compressing `count` bytes always succeeds.
    public static func maximumCompressedSize(of count: Int) -> Int {
        // A block that does not shrink is stored. liblz4 is faster where a block may grow before that is noticed.
        let blocks = (count + blockSize - 1) / blockSize
        return header.count + count + blocks * lengthSize + lengthSize + Int(LZ4_compressBound(Int32(blockSize)))
            - blockSize
    }

    /// Appends a frame that holds `source` to `output`; appends nothing when it throws.
    public mutating func compress(_ source: RawSpan, into output: inout OutputRawSpan) throws(CompressionError) {
        unsafe try output.appendBytes { room throws(CompressionError) in
            let header = Self.header
            guard room.count >= header.count + Self.lengthSize else {
                throw CompressionError(.lz4, .outputTooSmall(available: room.count))
            }
            unsafe room.copyBytes(from: header)
            return unsafe try source.withUnsafeBytes { input throws(CompressionError) in
                var written = header.count
                var position = 0
                while position < input.count {
                    let end = min(position + Self.blockSize, input.count)
                    // The end mark always has its room.
                    let free = written..<(room.count - Self.lengthSize)
                    written += unsafe try writeBlock(
                        UnsafeRawBufferPointer(rebasing: input[position..<end]),
                        into: UnsafeMutableRawBufferPointer(rebasing: room[free])
                    )
                    position = end
                }
                unsafe room.storeBytes(of: 0, toByteOffset: written, as: UInt32.self)
                return written + Self.lengthSize
            }
        }
    }

    /// Writes length and bytes of one block, stored when they do not shrink, and returns how many bytes that were.
    private func writeBlock(
        _ input: UnsafeRawBufferPointer,
        into room: UnsafeMutableRawBufferPointer
    ) throws(CompressionError) -> Int {
        guard room.count >= Self.lengthSize + input.count, let start = room.baseAddress else {
            throw CompressionError(.lz4, .outputTooSmall(available: room.count))
        }
        let block = unsafe start + Self.lengthSize
        let count = unsafe compressBlock(input, into: block, capacity: room.count - Self.lengthSize)
        guard count > 0, count < input.count else {
            unsafe UnsafeMutableRawBufferPointer(start: block, count: input.count).copyMemory(from: input)
            unsafe start.storeBytes(of: (UInt32(input.count) | Self.storedBit).littleEndian, as: UInt32.self)
            return Self.lengthSize + input.count
        }
        unsafe start.storeBytes(of: UInt32(count).littleEndian, as: UInt32.self)
        return Self.lengthSize + count
    }

    /// Compresses one block, and returns how many bytes it took, or 0 when they do not fit.
    private func compressBlock(
        _ input: UnsafeRawBufferPointer,
        into block: UnsafeMutableRawPointer,
        capacity: Int
    ) -> Int {
        let source = unsafe input.baseAddress?.assumingMemoryBound(to: CChar.self)
        let destination = unsafe block.assumingMemoryBound(to: CChar.self)
        let sourceCount = Int32(input.count)
        let capacity = Int32(min(capacity, 2 * Self.blockSize))
        let count =
            if level == Self.fastLevel {
                unsafe LZ4_compress_fast_extState(state, source, destination, sourceCount, capacity, 1)
            } else {
                unsafe LZ4_compress_HC_extStateHC(state, source, destination, sourceCount, capacity, Int32(level))
            }
        return Int(count)
    }
}
