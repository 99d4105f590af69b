// SPDX-License-Identifier: Apache-2.0

/// Text appended to bytes without a string or an allocation for each piece: what receipts and dead letters are made of.
extension [UInt8] {
    /// Appends the decimal digits of a number.
    mutating func append(decimal value: some BinaryInteger) {
        if value < 0 { append(UInt8(ascii: "-")) }
        var rest = UInt64(value.magnitude)
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var first = 20
        repeat {
            first -= 1
            digits[first] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        } while rest > 0
        for index in first..<20 { append(digits[index]) }
    }

    /// Appends the bytes of a span.
    mutating func append(bytesOf span: Span<UInt8>) {
        unsafe span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    /// Appends a string's bytes as they are.
    mutating func append(text: String) { append(contentsOf: text.utf8) }

    /// Appends a JSON string, with its quotes, whose content is UTF-8 already.
    mutating func append(jsonString bytes: some Sequence<UInt8>) {
        append(UInt8(ascii: "\""))
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                append(UInt8(ascii: "\\"))
                append(byte)
            case 0x0A: append(text: "\\n")
            case 0x0D: append(text: "\\r")
            case 0x09: append(text: "\\t")
            case 0..<0x20:
                append(text: "\\u00")
                append(Self.hexadecimalDigit(byte >> 4))
                append(Self.hexadecimalDigit(byte & 15))
            default: append(byte)
            }
        }
        append(UInt8(ascii: "\""))
    }

    /// Appends bytes in base64 with padding (RFC 4648, section 4).
    mutating func append(base64 bytes: [UInt8]) {
        let symbols = Base64.alphabet
        var index = 0
        while index < bytes.count {
            let count = Swift.min(3, bytes.count - index)
            var group = UInt32(0)
            for place in 0..<3 { group = group << 8 | (place < count ? UInt32(bytes[index + place]) : 0) }
            for place in 0..<4 {
                let symbol = symbols[Int(group >> UInt32(18 - 6 * place)) & 63]
                append(place <= count ? symbol : UInt8(ascii: "="))
            }
            index += 3
        }
    }

    private static func hexadecimalDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}

/// The constants of base64.
private enum Base64 {
    static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
}
