// SPDX-License-Identifier: Apache-2.0

/// Turns the text of a key or value into the bytes that the Java serializer of the same name writes.
@nonexhaustive
public enum Serializer: Sendable, Hashable {
    /// Bytes pass unchanged: Kafka's `ByteArraySerializer`, the default here.
    case byteArray
    /// Bytes pass unchanged: Kafka's `ByteBufferSerializer`.
    case byteBuffer
    /// Bytes pass unchanged: Kafka's `BytesSerializer`.
    case bytes
    /// Text in a charset: Kafka's `StringSerializer`.
    case string(TextEncoding = .utf8)
    /// A 16-bit integer, big-endian: Kafka's `ShortSerializer`.
    case short
    /// A 32-bit integer, big-endian: Kafka's `IntegerSerializer`.
    case integer
    /// A 64-bit integer, big-endian: Kafka's `LongSerializer`.
    case long
    /// A 32-bit floating point number, big-endian: Kafka's `FloatSerializer`.
    case float
    /// A 64-bit floating point number, big-endian: Kafka's `DoubleSerializer`.
    case double
    /// A UUID as its 36 characters in a charset: Kafka's `UUIDSerializer`.
    case uuid(TextEncoding = .utf8)
    /// One byte, 1 for true: Kafka's `BooleanSerializer`.
    case boolean
    /// Nothing: an empty text becomes null. Kafka's `VoidSerializer`.
    case void

    /// Whether the text's bytes are the serialized bytes, so that there is nothing to do.
    public var isIdentity: Bool {
        switch self {
        case .byteArray, .byteBuffer, .bytes, .string(.utf8): true
        case .string, .short, .integer, .long, .float, .double, .uuid, .boolean, .void: false
        }
    }

    /// Kafka's name of it without `Serializer`, such as `Integer`.
    public var name: String {
        switch self {
        case .byteArray: "ByteArray"
        case .byteBuffer: "ByteBuffer"
        case .bytes: "Bytes"
        case .string: "String"
        case .short: "Short"
        case .integer: "Integer"
        case .long: "Long"
        case .float: "Float"
        case .double: "Double"
        case .uuid: "UUID"
        case .boolean: "Boolean"
        case .void: "Void"
        }
    }
}
