// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Appends the fields of a message to a buffer.
struct FieldWriter: FieldCoder {
    typealias Failure = EncodingError

    /// Bytes that are copied at less cost than another buffer has on its way to the system.
    private static let fewBytes = 1024

    let version: Int16
    let isFlexible: Bool
    var buffer: ByteBuffer
    /// Byte fields that were not copied into `buffer`, and where in it they belong; nil when all are copied.
    private(set) var uncopied: [(offset: Int, bytes: ByteBuffer)]?
    /// The tagged fields of the structure under way, already encoded, if there are any.
    private var tags: (count: UInt64, bytes: ByteBuffer)?

    /// A writer that goes on at the end of `buffer`.
    init(_ buffer: consuming ByteBuffer, version: Int16, isFlexible: Bool, copiesBytes: Bool = true) {
        // Handed on: a buffer that two hold is copied at the next write.
        self.buffer = consume buffer
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
        var (count, bytes) = tags ?? (0, ByteBuffer())
        count += 1
        bytes.encode(unsignedVarint: UInt64(tag))
        bytes.encode(unsignedVarint: UInt64(content.buffer.readableBytes))
        bytes.writeBuffer(&content.buffer)
        tags = (count, bytes)
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
        if uncopied == nil || value.readableBytes <= Self.fewBytes {
            buffer.writeImmutableBuffer(value)
        } else {
            if uncopied?.isEmpty == true { uncopied?.reserveCapacity(8) }
            uncopied?.append((buffer.writerIndex, value))
        }
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
        let outer = tags
        tags = nil
        try value.fields(&self)
        if let tags {
            buffer.encode(unsignedVarint: tags.count)
            buffer.writeImmutableBuffer(tags.bytes)
        } else if isFlexible {
            buffer.encode(unsignedVarint: 0)
        }
        tags = outer
    }
}
