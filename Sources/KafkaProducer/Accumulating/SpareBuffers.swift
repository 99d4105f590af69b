// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Buffers that are kept to be used again, by what they were used for and by their size.
struct SpareBuffers {
    /// What a buffer holds.
    enum Use {
        /// Records, as they are appended.
        case records
        /// A batch as it is sent, when that is not the buffer that its records were appended to.
        case compressed
    }

    /// Buffers of one use, by the power of two that their capacity is.
    private struct Shelf {
        private var buffers = [[ByteBuffer]](repeating: [], count: 64)

        private static func place(of capacity: Int) -> Int { capacity.roundedUpToPowerOfTwo.trailingZeroBitCount }

        mutating func put(_ buffer: ByteBuffer) { buffers[Self.place(of: buffer.storageCapacity)].append(buffer) }

        mutating func take(capacity: Int) -> ByteBuffer? { buffers[Self.place(of: capacity)].popLast() }

        mutating func takeLargest() -> ByteBuffer? {
            guard let place = buffers.lastIndex(where: { !$0.isEmpty }) else { return nil }
            return buffers[place].popLast()
        }
    }

    private var records = Shelf()
    private var compressed = Shelf()
    /// The memory that all of them hold.
    private(set) var bytes = 0

    mutating func put(_ buffer: ByteBuffer, for use: Use) {
        guard buffer.storageCapacity > 0 else { return }
        bytes += buffer.storageCapacity
        switch use {
        case .records: records.put(buffer)
        case .compressed: compressed.put(buffer)
        }
    }

    /// A buffer of the capacity that one made for so many bytes would have: a larger one would hold more memory than its
    /// user has reserved.
    mutating func take(for use: Use, capacity: Int) -> ByteBuffer? {
        let buffer =
            switch use {
            case .records: records.take(capacity: capacity)
            case .compressed: compressed.take(capacity: capacity)
            }
        bytes -= buffer?.storageCapacity ?? 0
        return buffer
    }

    /// Lets buffers go, the largest first, until they hold no more than `limit` bytes.
    mutating func trim(to limit: Int) {
        while bytes > limit, let buffer = records.takeLargest() ?? compressed.takeLargest() {
            bytes -= buffer.storageCapacity
        }
    }
}
