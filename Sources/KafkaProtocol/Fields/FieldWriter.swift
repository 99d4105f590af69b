// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Appends the fields of a message to a buffer.
struct FieldWriter: FieldCoder {
    typealias Failure = EncodingError

    let version: Int16
    let isFlexible: Bool
    var buffer: ByteBuffer
    /// Byte fields that were not copied into `buffer`, and where in it they belong; nil when all are copied.
    private(set) var uncopied: [(offset: Int, bytes: ByteBuffer)]?
    /// The tagged fields of the structure under way, already encoded.
    private var tags = ByteBuffer()
    private var tagCount: UInt64 = 0

    /// A writer that goes on at the end of `buffer`.
    init(_ buffer: ByteBuffer, version: Int16, isFlexible: Bool, copiesBytes: Bool = true) {
        self.buffer = buffer
        self.version = version
        self.isFlexible = isFlexible
        self.uncopied = copiesBytes ? nil : []
    }

    mutating func present<Value: FieldValue>(_ name: StaticString, _ value: inout Value) throws(EncodingError) {
        do throws(EncodingError) {
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
    ) throws(EncodingError) {
        guard value != `default` else { return }
        var content = FieldWriter(ByteBuffer(), version: version, isFlexible: isFlexible)
        try content.present(name, &value)
        tagCount += 1
        tags.encode(unsignedVarint: UInt64(tag))
        tags.encode(unsignedVarint: UInt64(content.buffer.readableBytes))
        tags.writeBuffer(&content.buffer)
    }

    func absent(_ name: StaticString) throws(EncodingError) {
        throw EncodingError(.fieldNotInVersion(version)).within(name.description)
    }

    mutating func boolean(_ value: inout Bool) {
        buffer.encode(value)
    }

    mutating func integer<Value: FixedWidthInteger>(_ value: inout Value) {
        buffer.writeInteger(value)
    }

    mutating func topicID(_ value: inout TopicID) {
        buffer.encode(value)
    }

    mutating func string(_ value: inout String) throws(EncodingError) {
        try buffer.encode(value, isCompact: isFlexible)
    }

    mutating func nullableString(_ value: inout String?) throws(EncodingError) {
        try buffer.encode(value, isCompact: isFlexible)
    }

    mutating func bytes(_ value: inout ByteBuffer) throws(EncodingError) {
        try buffer.encode(count: value.readableBytes, isCompact: isFlexible)
        guard uncopied == nil else {
            uncopied?.append((buffer.writerIndex, value))
            return
        }
        buffer.writeImmutableBuffer(value)
    }

    mutating func nullableBytes(_ value: inout ByteBuffer?) throws(EncodingError) {
        guard var present = value else { return try buffer.encode(count: nil, isCompact: isFlexible) }
        try bytes(&present)
    }

    mutating func array<Element: FieldValue>(_ value: inout [Element]) throws(EncodingError) {
        try buffer.encode(count: value.count, isCompact: isFlexible)
        for var element in value {
            try element.code(&self)
        }
    }

    mutating func nullableArray<Element: FieldValue>(_ value: inout [Element]?) throws(EncodingError) {
        guard var present = value else { return try buffer.encode(count: nil, isCompact: isFlexible) }
        try array(&present)
    }

    mutating func structure<Value: FieldStructure>(_ value: inout Value) throws(EncodingError) {
        let outer = (tags, tagCount)
        (tags, tagCount) = (ByteBuffer(), 0)
        try value.fields(&self)
        if isFlexible {
            buffer.encode(unsignedVarint: tagCount)
            buffer.writeBuffer(&tags)
        }
        (tags, tagCount) = outer
    }
}
