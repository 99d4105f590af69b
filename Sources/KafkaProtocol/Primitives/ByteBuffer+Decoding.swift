// SPDX-License-Identifier: Apache-2.0
public import NIOCore

/// Readers of Kafka's primitive types. Each one throws where the bytes are not such a value, and none trusts a length.
///
/// A *compact* length, of flexible versions (KIP-482), is an unsigned varint of the length plus one, 0 for null; the
/// older form is a signed integer, -1 for null.
extension ByteBuffer {
    /// An integer in network byte order.
    public mutating func decodeInteger<I: FixedWidthInteger>(_: I.Type = I.self) throws(DecodingError) -> I {
        guard let value = readInteger(as: I.self) else {
            throw error(.truncated(needed: MemoryLayout<I>.size, left: readableBytes))
        }
        return value
    }

    /// A byte that is zero for false.
    public mutating func decodeBool() throws(DecodingError) -> Bool {
        try decodeInteger(UInt8.self) != 0
    }

    /// The 16 bytes of an id.
    public mutating func decodeTopicID() throws(DecodingError) -> TopicID {
        guard readableBytes >= 16 else { throw error(.truncated(needed: 16, left: readableBytes)) }
        return try TopicID(mostSignificant: decodeInteger(), leastSignificant: decodeInteger())
    }

    /// An unsigned varint of at most 32 bits.
    public mutating func decodeUnsignedVarint() throws(DecodingError) -> UInt32 {
        try UInt32(truncatingIfNeeded: decodeUnsignedVarint(bitWidth: 32))
    }

    /// A zig-zag varint of at most 32 bits.
    public mutating func decodeVarint() throws(DecodingError) -> Int32 {
        try Int32(truncatingIfNeeded: Varint.unzigZag(decodeUnsignedVarint(bitWidth: 32)))
    }

    /// A zig-zag varint of at most 64 bits.
    public mutating func decodeVarlong() throws(DecodingError) -> Int64 {
        try Varint.unzigZag(decodeUnsignedVarint(bitWidth: 64))
    }

    /// The next `length` bytes, uncopied.
    public mutating func decodeSlice(length: Int) throws(DecodingError) -> ByteBuffer {
        guard length >= 0 else { throw error(.invalidLength(length)) }
        guard let slice = readSlice(length: length) else {
            throw error(.truncated(needed: length, left: readableBytes))
        }
        return slice
    }

    /// A string.
    public mutating func decodeString(isCompact: Bool) throws(DecodingError) -> String {
        let start = readerIndex
        guard let string = try decodeNullableString(isCompact: isCompact) else {
            throw DecodingError(.unexpectedNull, offset: start)
        }
        return string
    }

    /// A string or null.
    public mutating func decodeNullableString(isCompact: Bool) throws(DecodingError) -> String? {
        let start = readerIndex
        let length = isCompact ? try decodeCompactLength() : try decodeLength(Int16.self)
        guard let length else { return nil }
        guard length <= EncodingError.longestString else { throw DecodingError(.invalidLength(length), offset: start) }
        let bytes = try decodeSlice(length: length)
        guard let string = String(validating: bytes.readableBytesView, as: UTF8.self) else {
            throw DecodingError(.invalidUTF8, offset: start)
        }
        return string
    }

    /// Bytes behind their length, uncopied.
    public mutating func decodeBytes(isCompact: Bool) throws(DecodingError) -> ByteBuffer {
        let start = readerIndex
        guard let bytes = try decodeNullableBytes(isCompact: isCompact) else {
            throw DecodingError(.unexpectedNull, offset: start)
        }
        return bytes
    }

    /// Bytes behind their length, uncopied, or null. Records are written in the same way.
    public mutating func decodeNullableBytes(isCompact: Bool) throws(DecodingError) -> ByteBuffer? {
        let length = isCompact ? try decodeCompactLength() : try decodeLength(Int32.self)
        guard let length else { return nil }
        return try decodeSlice(length: length)
    }

    /// The number of elements of an array, or nil for null: never more than there are bytes left, since an element
    /// takes one at least.
    public mutating func decodeCount(isCompact: Bool) throws(DecodingError) -> Int? {
        let start = readerIndex
        let count = isCompact ? try decodeCompactLength() : try decodeLength(Int32.self)
        guard let count else { return nil }
        guard count <= readableBytes else {
            throw DecodingError(.countTooLarge(count, left: readableBytes), offset: start)
        }
        return count
    }

    /// Passes over tagged fields that nobody here knows.
    public mutating func skipTaggedFields() throws(DecodingError) {
        var cursor = try TaggedFieldCursor(readingFrom: &self)
        try cursor.skipRest(of: &self)
    }
}

extension ByteBuffer {
    private func error(_ reason: DecodingError.Reason) -> DecodingError {
        DecodingError(reason, offset: readerIndex)
    }

    private mutating func decodeLength<I: FixedWidthInteger>(_: I.Type) throws(DecodingError) -> Int? {
        let start = readerIndex
        let length = try Int(decodeInteger(I.self))
        guard length >= -1 else { throw DecodingError(.invalidLength(length), offset: start) }
        return length == -1 ? nil : length
    }

    private mutating func decodeCompactLength() throws(DecodingError) -> Int? {
        let length = try Int(decodeUnsignedVarint())
        return length == 0 ? nil : length - 1
    }

    private mutating func decodeUnsignedVarint(bitWidth: Int) throws(DecodingError) -> UInt64 {
        let start = readerIndex
        var value: UInt64 = 0
        var shift = 0
        while true {
            let byte = try decodeInteger(UInt8.self)
            let bits = UInt64(byte & 0x7F)
            guard shift < bitWidth, bits >> UInt64(min(7, bitWidth - shift)) == 0 else {
                throw DecodingError(.varintTooLong, offset: start)
            }
            value |= bits << UInt64(shift)
            guard byte & 0x80 != 0 else { return value }
            shift += 7
        }
    }
}
