// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Buffers that are kept to be used again, by what they were used for, so that their sizes fit the next use.
struct SpareBuffers {
    /// What a buffer holds.
    enum Use {
        /// Records, as they are appended.
        case records
        /// A batch as it is sent, when that is not the buffer that its records were appended to.
        case compressed
    }

    private var records: [ByteBuffer] = []
    private var compressed: [ByteBuffer] = []
    /// The memory that all of them hold.
    private(set) var bytes = 0

    mutating func put(_ buffer: ByteBuffer, for use: Use) {
        guard buffer.storageCapacity > 0 else { return }
        bytes += buffer.storageCapacity
        switch use {
        case .records: records.append(buffer)
        case .compressed: compressed.append(buffer)
        }
    }

    mutating func take(for use: Use) -> ByteBuffer? {
        let buffer =
            switch use {
            case .records: records.popLast()
            case .compressed: compressed.popLast()
            }
        bytes -= buffer?.storageCapacity ?? 0
        return buffer
    }

    /// Lets buffers go until they hold no more than `limit` bytes.
    mutating func trim(to limit: Int) {
        while bytes > limit, let buffer = records.popLast() ?? compressed.popLast() { bytes -= buffer.storageCapacity }
    }
}
