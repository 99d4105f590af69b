// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Writes the few kinds of protobuf fields that telemetry needs.
struct ProtobufWriter {
    /// What was written so far.
    private(set) var buffer = ByteBuffer()

    /// How the value of a field is laid out.
    private enum WireType: UInt64 {
        case varint = 0
        case fixed64 = 1
        case lengthDelimited = 2
    }

    /// A message within the message.
    mutating func message(_ field: UInt64, _ write: (inout ProtobufWriter) -> Void) {
        var inner = ProtobufWriter()
        write(&inner)
        key(field, .lengthDelimited)
        varint(UInt64(inner.buffer.readableBytes))
        buffer.writeImmutableBuffer(inner.buffer)
    }

    /// A text.
    mutating func string(_ field: UInt64, _ text: String) {
        key(field, .lengthDelimited)
        varint(UInt64(text.utf8.count))
        buffer.writeString(text)
    }

    /// A number of an enumeration, or a truth value as 1 or 0.
    mutating func number(_ field: UInt64, _ value: UInt64) {
        key(field, .varint)
        varint(value)
    }

    /// Eight bytes, such as a time.
    mutating func fixed64(_ field: UInt64, _ value: UInt64) {
        key(field, .fixed64)
        buffer.writeInteger(value, endianness: .little)
    }

    /// A floating-point number.
    mutating func double(_ field: UInt64, _ value: Double) { fixed64(field, value.bitPattern) }

    private mutating func key(_ field: UInt64, _ type: WireType) { varint(field << 3 | type.rawValue) }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            buffer.writeInteger(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        buffer.writeInteger(UInt8(truncatingIfNeeded: rest))
    }
}
