// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Walks through the tagged fields that end each structure of a flexible version (KIP-482): a count, then for each
/// field, by rising tag, its tag, its size and its bytes.
struct TaggedFieldCursor {
    /// The field whose bytes come next, if there is one.
    private(set) var next: (tag: UInt32, size: Int)?
    private var remaining: UInt32

    /// Reads the count and the head of the first field.
    init(readingFrom buffer: inout ByteBuffer) throws(DecodingError) {
        remaining = try buffer.decodeUnsignedVarint()
        try advance(in: &buffer)
    }

    /// Reads the head of the following field, after the bytes of this one were read.
    mutating func advance(in buffer: inout ByteBuffer) throws(DecodingError) {
        guard remaining > 0 else {
            next = nil
            return
        }
        remaining -= 1
        let start = buffer.readerIndex
        let tag = try buffer.decodeUnsignedVarint()
        if let next, tag <= next.tag { throw DecodingError(.tagOutOfOrder(tag), offset: start) }
        let size = try Int(buffer.decodeUnsignedVarint())
        guard size <= buffer.readableBytes else {
            throw DecodingError(.truncated(needed: size, left: buffer.readableBytes), offset: start)
        }
        next = (tag, size)
    }

    /// Passes over all fields before `tag`; returns the size of the field `tag` if that one comes next.
    mutating func skip(to tag: UInt32, in buffer: inout ByteBuffer) throws(DecodingError) -> Int? {
        while let field = next, field.tag < tag {
            buffer.moveReaderIndex(forwardBy: field.size)
            try advance(in: &buffer)
        }
        guard let field = next, field.tag == tag else { return nil }
        return field.size
    }

    /// Passes over all fields that are left.
    mutating func skipRest(of buffer: inout ByteBuffer) throws(DecodingError) {
        while let field = next {
            buffer.moveReaderIndex(forwardBy: field.size)
            try advance(in: &buffer)
        }
    }
}
