// SPDX-License-Identifier: Apache-2.0
public import NIOCore

/// Writers of Kafka's primitive types; what each form is, the decoders tell.
extension ByteBuffer {
    /// Appends 1 for true, 0 for false.
    public mutating func encode(_ value: Bool) {
        writeInteger(value ? 1 : 0, as: UInt8.self)
    }

    /// Appends the 16 bytes of `id`.
    public mutating func encode(_ id: TopicID) {
        writeMultipleIntegers(id.mostSignificant, id.leastSignificant)
    }

    /// Appends `value` as an unsigned varint.
    public mutating func encode(unsignedVarint value: UInt64) {
        guard value >= 0x80 else {
            writeInteger(UInt8(truncatingIfNeeded: value))
            return
        }
        writeWithOutputRawSpan(minimumWritableBytes: Varint.maximumSize) { output in
            output.append(unsignedVarint: value)
        }
    }

    /// Appends `value` as a zig-zag varint.
    public mutating func encode(varint value: Int64) {
        encode(unsignedVarint: Varint.zigZag(value))
    }

    /// Appends a string or null. Throws for a string of more than 32767 bytes.
    public mutating func encode(_ string: String?, isCompact: Bool) throws(EncodingError) {
        guard let string else { return try encode(length: nil, as: Int16.self, isCompact: isCompact) }
        let length = string.utf8.count
        guard length <= EncodingError.longestString else { throw EncodingError(.stringTooLong(length)) }
        try encode(length: length, as: Int16.self, isCompact: isCompact)
        writeString(string)
    }

    /// Appends the number of elements of an array or of bytes that follow, or null.
    public mutating func encode(count: Int?, isCompact: Bool) throws(EncodingError) {
        try encode(length: count, as: Int32.self, isCompact: isCompact)
    }

    private mutating func encode<I: FixedWidthInteger>(
        length: Int?,
        as: I.Type,
        isCompact: Bool
    ) throws(EncodingError) {
        guard let exact = I(exactly: length ?? -1) else { throw EncodingError(.tooLong(length ?? -1)) }
        if isCompact {
            encode(unsignedVarint: UInt64(length.map { $0 + 1 } ?? 0))
        } else {
            writeInteger(exact)
        }
    }
}

extension EncodingError {
    /// Bytes of the longest string that the protocol allows, in either form.
    static let longestString = Int(Int16.max)
}
