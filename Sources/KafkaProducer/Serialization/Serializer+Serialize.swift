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
        guard let string = string(text),
            let number = text.isPlainDecimal ? Float(string) : JavaNumber.float(string)
        else { throw mismatch(text) }
        return number
    }

    private func double(_ text: Span<UInt8>) throws(SerializationError) -> Double {
        guard let string = string(text),
            let number = text.isPlainDecimal ? Double(string) : JavaNumber.double(string)
        else { throw mismatch(text) }
        return number
    }

    private func boolean(_ text: Span<UInt8>) throws(SerializationError) -> Bool {
        if text.isEqualIgnoringCase(to: "true") { return true }
        if text.isEqualIgnoringCase(to: "false") { return false }
        throw mismatch(text)
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
        guard let decoded = string(text), encoding.append(decoded, to: &bytes) else { throw mismatch(text) }
    }

    /// The text as a string, or `nil` when it is not UTF-8.
    private func string(_ text: Span<UInt8>) -> String? {
        guard let utf8 = try? UTF8Span(validating: text) else { return nil }
        return String(copying: utf8)
    }

    /// The error for a text that is not of this type; it shows the text's beginning with controls made visible.
    private func mismatch(_ text: Span<UInt8>) -> SerializationError {
        let limit = 40
        var bytes: [UInt8] = []
        bytes.append(copying: text.extracting(first: limit))
        let beginning = String(decoding: bytes, as: UTF8.self)
        let ending = text.count > limit ? "…" : ""
        return SerializationError(serializer: name, expected: expected, found: beginning.debugDescription + ending)
    }
}

extension Span<UInt8> {
    /// Whether this is an optional sign, digits, and perhaps a point with digits behind: what Swift and Java read alike.
    fileprivate var isPlainDecimal: Bool {
        var digits = 0
        var hasPoint = false
        for position in indices {
            switch self[position] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
            case UInt8(ascii: "-") where position == 0, UInt8(ascii: "+") where position == 0: break
            case UInt8(ascii: ".") where digits > 0 && !hasPoint:
                hasPoint = true
                digits = 0
            default: return false
            }
        }
        return digits > 0
    }

    /// Whether these are the letters of a word, in upper or lower case.
    fileprivate func isEqualIgnoringCase(to word: String) -> Bool {
        let letters = word.utf8.span
        guard letters.count == count else { return false }
        for position in indices where self[position] | 0x20 != letters[position] { return false }
        return true
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
