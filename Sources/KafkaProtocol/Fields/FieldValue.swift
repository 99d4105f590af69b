// SPDX-License-Identifier: Apache-2.0
public import NIOCore

/// What a field of a message can hold. Each type leads the coder to the way in which it is coded.
public protocol FieldValue {
    /// A zero or empty value, for a reader to start from.
    init()
    /// Reads or writes this value.
    mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure)
}

/// A value that has a form for null.
public protocol NullableFieldValue: FieldValue {
    /// Reads or writes a value or null.
    static func code<Coder: FieldCoder>(_ value: inout Self?, _ coder: inout Coder) throws(Coder.Failure)
}

/// A group of fields: a message, or a part of one. Its properties begin with Kafka's defaults.
public protocol FieldStructure: FieldValue, Equatable, Sendable {
    /// A value of nothing but defaults.
    init()
    /// Leads `coder` through all fields in the order of the wire, tagged ones last.
    mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure)
}

extension FieldStructure {
    /// Reads or writes the fields of this structure.
    public mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.structure(&self)
    }
}

extension Bool: FieldValue {
    /// Reads or writes this value.
    public mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.boolean(&self)
    }
}

extension Int8: FieldValue {
    /// Reads or writes this value.
    public mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.integer(&self)
    }
}

extension Int16: FieldValue {
    /// Reads or writes this value.
    public mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.integer(&self)
    }
}

extension Double: FieldValue {
    /// Reads or writes this value: eight bytes, as IEEE 754 has it.
    public mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        var bits = bitPattern
        try coder.integer(&bits)
        self = Double(bitPattern: bits)
    }
}

extension Int32: FieldValue {
    /// Reads or writes this value.
    public mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.integer(&self)
    }
}

extension Int64: FieldValue {
    /// Reads or writes this value.
    public mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.integer(&self)
    }
}

extension TopicID: FieldValue {
    /// Reads or writes this value.
    public mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.topicID(&self)
    }
}

extension ErrorCode: FieldValue {
    /// Reads or writes this value.
    public mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        var number = rawValue
        try coder.integer(&number)
        self = ErrorCode(rawValue: number)
    }
}

extension APIKey: FieldValue {
    /// Reads or writes this value.
    public mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        var number = rawValue
        try coder.integer(&number)
        self = APIKey(rawValue: number)
    }
}

extension String: NullableFieldValue {
    /// Reads or writes this value.
    public mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.string(&self)
    }

    /// Reads or writes a string or null.
    public static func code<Coder: FieldCoder>(_ value: inout String?, _ coder: inout Coder) throws(Coder.Failure) {
        try coder.nullableString(&value)
    }
}

extension ByteBuffer: NullableFieldValue {
    /// Reads or writes this value.
    public mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.bytes(&self)
    }

    /// Reads or writes bytes or null.
    public static func code<Coder: FieldCoder>(
        _ value: inout ByteBuffer?,
        _ coder: inout Coder
    ) throws(Coder.Failure) {
        try coder.nullableBytes(&value)
    }
}

extension Array: FieldValue, NullableFieldValue where Element: FieldValue {
    /// Reads or writes this value.
    public mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.array(&self)
    }

    /// Reads or writes an array or null.
    public static func code<Coder: FieldCoder>(_ value: inout [Element]?, _ coder: inout Coder) throws(Coder.Failure) {
        try coder.nullableArray(&value)
    }
}

extension Optional: FieldValue where Wrapped: NullableFieldValue {
    /// Null.
    public init() {
        self = nil
    }

    /// Reads or writes this value.
    public mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try Wrapped.code(&self, &coder)
    }
}
