// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Sets the fields of a message from its bytes.
struct FieldReader: FieldCoder {
    typealias Failure = DecodingError

    let version: Int16
    let isFlexible: Bool
    private(set) var buffer: ByteBuffer
    /// The tagged fields of the structure under way, from the first of them that is asked for.
    private var tags: TaggedFieldCursor?

    /// Elements for which room is made before any of them was read: a count off the wire may lie.
    private static let largestReservation = 1024

    init(_ buffer: ByteBuffer, version: Int16, isFlexible: Bool) {
        self.buffer = buffer
        self.version = version
        self.isFlexible = isFlexible
    }

    mutating func present<Value: FieldValue>(_ name: StaticString, _ value: inout Value) throws(DecodingError) {
        do throws(DecodingError) {
            try value.code(&self)
        } catch {
            throw error.within(name.description)
        }
    }

    mutating func presentTagged<Value: FieldValue & Equatable>(
        _ tag: UInt32,
        _ name: StaticString,
        _ value: inout Value,
        default: Value
    ) throws(DecodingError) {
        guard isFlexible else { return }
        var cursor = try taggedFields()
        if let size = try cursor.skip(to: tag, in: &buffer) {
            let end = buffer.readerIndex + size
            try present(name, &value)
            guard buffer.readerIndex == end else { throw DecodingError(.tagSizeMismatch(tag), offset: end - size) }
            try cursor.advance(in: &buffer)
        }
        tags = cursor
    }

    func absent(_ name: StaticString) {}

    mutating func boolean(_ value: inout Bool) throws(DecodingError) {
        value = try buffer.decodeBool()
    }

    mutating func integer<Value: FixedWidthInteger>(_ value: inout Value) throws(DecodingError) {
        value = try buffer.decodeInteger()
    }

    mutating func topicID(_ value: inout TopicID) throws(DecodingError) {
        value = try buffer.decodeTopicID()
    }

    mutating func string(_ value: inout String) throws(DecodingError) {
        value = try buffer.decodeString(isCompact: isFlexible)
    }

    mutating func nullableString(_ value: inout String?) throws(DecodingError) {
        value = try buffer.decodeNullableString(isCompact: isFlexible)
    }

    mutating func bytes(_ value: inout ByteBuffer) throws(DecodingError) {
        value = try buffer.decodeBytes(isCompact: isFlexible)
    }

    mutating func nullableBytes(_ value: inout ByteBuffer?) throws(DecodingError) {
        value = try buffer.decodeNullableBytes(isCompact: isFlexible)
    }

    mutating func array<Element: FieldValue>(_ value: inout [Element]) throws(DecodingError) {
        let start = buffer.readerIndex
        var elements: [Element]?
        try nullableArray(&elements)
        guard let elements else { throw DecodingError(.unexpectedNull, offset: start) }
        value = elements
    }

    mutating func nullableArray<Element: FieldValue>(_ value: inout [Element]?) throws(DecodingError) {
        guard let count = try buffer.decodeCount(isCompact: isFlexible) else {
            value = nil
            return
        }
        var elements: [Element] = []
        elements.reserveCapacity(min(count, Self.largestReservation))
        for index in 0..<count {
            var element = Element()
            do throws(DecodingError) {
                try element.code(&self)
            } catch {
                throw error.within("[\(index)]")
            }
            elements.append(element)
        }
        value = elements
    }

    mutating func structure<Value: FieldStructure>(_ value: inout Value) throws(DecodingError) {
        let outer = tags
        tags = nil
        try value.fields(&self)
        if isFlexible {
            var cursor = try taggedFields()
            try cursor.skipRest(of: &buffer)
        }
        tags = outer
    }

    /// The tagged fields of the structure under way, which begin where the others end.
    private mutating func taggedFields() throws(DecodingError) -> TaggedFieldCursor {
        if let tags { return tags }
        return try TaggedFieldCursor(readingFrom: &buffer)
    }

    /// Throws if there are bytes left.
    func finish() throws(DecodingError) {
        guard buffer.readableBytes == 0 else {
            throw DecodingError(.bytesLeftOver(buffer.readableBytes), offset: buffer.readerIndex)
        }
    }
}
