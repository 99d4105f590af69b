// SPDX-License-Identifier: Apache-2.0

/// Reads one JSON document (RFC 8259). What is nested too deeply is refused, so that no text exhausts the stack.
struct JSONReader {
    private static let deepest = 16

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The whole document; nil when it cannot be read.
    mutating func document() -> JSONObject.Value? {
        guard let value = value(depth: 0) else { return nil }
        skipSpace()
        return position == bytes.count ? value : nil
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }

    private mutating func takes(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func takes(word: StaticString) -> Bool {
        let word = Array("\(word)".utf8)
        guard bytes[position...].starts(with: word) else { return false }
        position += word.count
        return true
    }

    private mutating func value(depth: Int) -> JSONObject.Value? {
        guard depth < Self.deepest else { return nil }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return object(depth: depth)
        case UInt8(ascii: "["): return array(depth: depth)
        case UInt8(ascii: "\""): return string().map { .string($0) }
        case UInt8(ascii: "t"): return takes(word: "true") ? .boolean(true) : nil
        case UInt8(ascii: "f"): return takes(word: "false") ? .boolean(false) : nil
        case UInt8(ascii: "n"): return takes(word: "null") ? .null : nil
        default: return number().map { .number($0) }
        }
    }

    private mutating func object(depth: Int) -> JSONObject.Value? {
        position += 1
        var values: [String: JSONObject.Value] = [:]
        skipSpace()
        if takes("}") { return .object(values) }
        repeat {
            skipSpace()
            guard let name = string() else { return nil }
            skipSpace()
            guard takes(":"), let value = value(depth: depth + 1) else { return nil }
            values[name] = value
            skipSpace()
        } while takes(",")
        return takes("}") ? .object(values) : nil
    }

    private mutating func array(depth: Int) -> JSONObject.Value? {
        position += 1
        var values: [JSONObject.Value] = []
        skipSpace()
        if takes("]") { return .array(values) }
        repeat {
            guard let value = value(depth: depth + 1) else { return nil }
            values.append(value)
            skipSpace()
        } while takes(",")
        return takes("]") ? .array(values) : nil
    }

    private mutating func number() -> Double? {
        let start = position
        while let byte = next, "+-.eE0123456789".utf8.contains(byte) { position += 1 }
        let text = bytes[start..<position]
        // Double takes more than JSON has: a number begins with a minus or a digit, and has no needless zero.
        let digits = text.first == UInt8(ascii: "-") ? text.dropFirst() : text
        let zero = UInt8(ascii: "0")
        guard let first = digits.first, (zero...UInt8(ascii: "9")).contains(first) else { return nil }
        if first == zero, let second = digits.dropFirst().first, (zero...UInt8(ascii: "9")).contains(second) {
            return nil
        }
        return Double(String(decoding: text, as: UTF8.self)).flatMap { $0.isFinite ? $0 : nil }
    }

    private mutating func string() -> String? {
        guard takes("\"") else { return nil }
        var text: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let scalar = escape() else { return nil }
                text += Array(String(scalar).utf8)
            case 0..<0x20: return nil
            default: text.append(byte)
            }
        }
        return nil
    }

    private mutating func escape() -> Unicode.Scalar? {
        guard let byte = next else { return nil }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return unicode()
        default: return nil
        }
    }

    private mutating func unicode() -> Unicode.Scalar? {
        guard let first = fourDigits() else { return nil }
        guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) }
        guard takes("\\"), takes("u"), let second = fourDigits(), (0xDC00..<0xE000).contains(second) else { return nil }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    private mutating func fourDigits() -> UInt32? {
        guard bytes.count - position >= 4 else { return nil }
        var number: UInt32 = 0
        for byte in bytes[position..<(position + 4)] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            number = number << 4 | UInt32(digit)
        }
        position += 4
        return number
    }
}
