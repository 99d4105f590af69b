// SPDX-License-Identifier: Apache-2.0

extension Serializer {
    /// Turns the text of one key or value into its bytes.
    ///
    /// When `isIdentity` holds there is no need to call this: the text's bytes are the result.
    ///
    /// - Parameters:
    ///   - text: the text as it was read, in UTF-8 where it has to be understood.
    ///   - bytes: receives the result; what was in it is dropped, its memory is kept.
    /// - Returns: `bytes`, or `null` when there is no key or value at all.
    /// - Throws: `SerializationError` for a text that is not of this type.
    public func serialize(
        _ text: Span<UInt8>,
        into bytes: inout [UInt8]
    ) throws(SerializationError) -> SerializedForm {
        bytes.removeAll(keepingCapacity: true)
        switch self {
        case .byteArray, .byteBuffer, .bytes, .string(.utf8): bytes.append(copying: text)
        case .string(let encoding): try encode(text, in: encoding, into: &bytes)
        case .short: bytes.append(bigEndian: UInt16(bitPattern: try integer(text)))
        case .integer: bytes.append(bigEndian: UInt32(bitPattern: try integer(text)))
        case .long: bytes.append(bigEndian: UInt64(bitPattern: try integer(text)))
        case .float: bytes.append(bigEndian: try float(text).bitPattern)
        case .double: bytes.append(bigEndian: try double(text).bitPattern)
        case .uuid(let encoding): try appendUUID(text, in: encoding, into: &bytes)
        case .boolean: bytes.append(try boolean(text) ? 1 : 0)
        case .void:
            guard text.isEmpty else { throw mismatch(text) }
            return .null
        }
        return .bytes
    }

    /// What a text for this serializer looks like.
    var expected: String {
        switch self {
        case .byteArray, .byteBuffer, .bytes, .string(.utf8): "any bytes"
        case .string(.ascii): "UTF-8 text of US-ASCII characters"
        case .string(.iso88591): "UTF-8 text of ISO-8859-1 characters"
        case .string: "UTF-8 text"
        case .short: "an integer from -32768 to 32767"
        case .integer: "an integer from -2147483648 to 2147483647"
        case .long: "an integer from -9223372036854775808 to 9223372036854775807"
        case .float, .double: "a number"
        case .uuid: "a UUID such as 123e4567-e89b-12d3-a456-426614174000"
        case .boolean: "true or false"
        case .void: "an empty text"
        }
    }

    private func integer<Value: FixedWidthInteger & SignedInteger>(
        _ text: Span<UInt8>
    ) throws(SerializationError) -> Value {
        var position = 0
        let isNegative = text.count > 0 && text[0] == UInt8(ascii: "-")
        if isNegative || (text.count > 0 && text[0] == UInt8(ascii: "+")) { position = 1 }
        guard position < text.count else { throw mismatch(text) }
        var value: Value = 0
        while position < text.count {
            let digit = text[position] &- UInt8(ascii: "0")
            guard digit <= 9 else { throw mismatch(text) }
            let (product, productOverflows) = value.multipliedReportingOverflow(by: 10)
            let (sum, sumOverflows) =
                isNegative
                ? product.subtractingReportingOverflow(Value(digit)) : product.addingReportingOverflow(Value(digit))
            guard !productOverflows, !sumOverflows else { throw mismatch(text) }
            value = sum
            position += 1
        }
        return value
    }

    private func float(_ text: Span<UInt8>) throws(SerializationError) -> Float {
        guard let number = JavaNumber.float(string(text)) else { throw mismatch(text) }
        return number
    }

    private func double(_ text: Span<UInt8>) throws(SerializationError) -> Double {
        guard let number = JavaNumber.double(string(text)) else { throw mismatch(text) }
        return number
    }

    private func boolean(_ text: Span<UInt8>) throws(SerializationError) -> Bool {
        switch string(text).lowercased() {
        case "true": return true
        case "false": return false
        default: throw mismatch(text)
        }
    }

    /// Writes the 36 characters that `UUID.toString` gives: in lower case.
    private func appendUUID(
        _ text: Span<UInt8>,
        in encoding: TextEncoding,
        into bytes: inout [UInt8]
    ) throws(SerializationError) {
        guard text.count == 36 else { throw mismatch(text) }
        var lowercased: [UInt8] = []
        lowercased.reserveCapacity(36)
        for position in 0..<36 {
            let byte = text[position]
            let isDash = position == 8 || position == 13 || position == 18 || position == 23
            switch byte {
            case UInt8(ascii: "-") where isDash: lowercased.append(byte)
            case UInt8(ascii: "0")...UInt8(ascii: "9") where !isDash: lowercased.append(byte)
            case UInt8(ascii: "a")...UInt8(ascii: "f") where !isDash: lowercased.append(byte)
            case UInt8(ascii: "A")...UInt8(ascii: "F") where !isDash: lowercased.append(byte | 0x20)
            default: throw mismatch(text)
            }
        }
        try encode(lowercased.span, in: encoding, into: &bytes)
    }

    private func encode(
        _ text: Span<UInt8>,
        in encoding: TextEncoding,
        into bytes: inout [UInt8]
    ) throws(SerializationError) {
        guard encoding != .utf8 else { return bytes.append(copying: text) }
        guard let decoded = String(validating: text.copied, as: UTF8.self),
            encoding.append(decoded, to: &bytes)
        else { throw mismatch(text) }
    }

    private func string(_ text: Span<UInt8>) -> String { String(decoding: text.copied, as: UTF8.self) }

    /// The error for a text that is not of this type; it shows the text's beginning with controls made visible.
    private func mismatch(_ text: Span<UInt8>) -> SerializationError {
        let limit = 40
        let beginning = String(decoding: text.extracting(first: limit).copied, as: UTF8.self)
        let ending = text.count > limit ? "…" : ""
        return SerializationError(serializer: name, expected: expected, found: beginning.debugDescription + ending)
    }
}

extension Span<UInt8> {
    /// The bytes in an array of their own.
    fileprivate var copied: [UInt8] {
        var copy: [UInt8] = []
        copy.append(copying: self)
        return copy
    }
}

extension [UInt8] {
    fileprivate mutating func append(copying bytes: Span<UInt8>) {
        reserveCapacity(count + bytes.count)
        for position in bytes.indices { append(bytes[position]) }
    }

    fileprivate mutating func append<Value: FixedWidthInteger & UnsignedInteger>(bigEndian value: Value) {
        var shift = Value.bitWidth
        while shift > 0 {
            shift -= 8
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
