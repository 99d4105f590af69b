// SPDX-License-Identifier: Apache-2.0

/// The texts of a document of XML by the paths of their elements, such as `ErrorResponse/Error/Code`.
///
/// It is as strict as answers of AWS allow: no document types, no comments, no processing instructions but the first line,
/// no CDATA. Attributes are passed over. Of elements with the same path the first counts.
struct XMLTexts {
    private static let mostBytes = 1 << 20
    private static let deepest = 16

    private let bytes: [UInt8]
    private var position = 0
    private var texts: [String: String] = [:]

    /// Reads a whole document; nil when it is none.
    init?(_ bytes: [UInt8]) {
        guard bytes.count <= Self.mostBytes else { return nil }
        self.bytes = bytes
        skipBlanks()
        if take("<?xml") {
            guard skip(past: "?>") else { return nil }
            skipBlanks()
        }
        guard element(in: []) else { return nil }
        skipBlanks()
        guard position == bytes.count else { return nil }
    }

    /// The text of the first element with this path; nil when there is none, or when it has elements inside.
    subscript(path: String) -> String? { texts[path] }

    private func peek(_ distance: Int = 0) -> UInt8? {
        position + distance < bytes.count ? bytes[position + distance] : nil
    }

    private mutating func take(_ text: StaticString) -> Bool {
        let wanted = Array("\(text)".utf8)
        guard bytes[position...].starts(with: wanted) else { return false }
        position += wanted.count
        return true
    }

    private mutating func skip(past text: StaticString) -> Bool {
        while position < bytes.count {
            if take(text) { return true }
            position += 1
        }
        return false
    }

    private mutating func skipBlanks() {
        while let byte = peek(), Self.isBlank(byte) { position += 1 }
    }

    /// An element with all that is inside.
    private mutating func element(in parents: [String]) -> Bool {
        guard parents.count < Self.deepest, take("<"), let name = name() else { return false }
        let path = parents + [name]
        guard let isEmpty = skipAttributes() else { return false }
        var text = ""
        var hasElements = false
        while !isEmpty {
            guard let byte = peek() else { return false }
            if byte != UInt8(ascii: "<") {
                guard let more = characters() else { return false }
                text += more
            } else if peek(1) == UInt8(ascii: "/") {
                guard take("</"), self.name() == name else { return false }
                skipBlanks()
                guard take(">") else { return false }
                break
            } else {
                hasElements = true
                guard element(in: path) else { return false }
            }
        }
        let key = path.joined(separator: "/")
        if !hasElements, texts[key] == nil { texts[key] = text }
        return true
    }

    private mutating func name() -> String? {
        let start = position
        while let byte = peek(), Self.isNamePart(byte, isFirst: position == start) { position += 1 }
        guard position > start else { return nil }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// Whether the element ends with its own mark; nil when the mark is none.
    private mutating func skipAttributes() -> Bool? {
        while true {
            let before = position
            skipBlanks()
            if take("/>") { return true }
            if take(">") { return false }
            guard position > before, name() != nil, take("="), let quote = peek(),
                quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
            else { return nil }
            position += 1
            while let byte = peek(), byte != quote {
                guard byte != UInt8(ascii: "<") else { return nil }
                position += 1
            }
            guard peek() == quote else { return nil }
            position += 1
        }
    }

    /// Characters up to the next mark; nil for a reference that is none.
    private mutating func characters() -> String? {
        var text: [UInt8] = []
        while let byte = peek(), byte != UInt8(ascii: "<") {
            position += 1
            guard byte == UInt8(ascii: "&") else {
                text.append(byte)
                continue
            }
            guard let end = bytes[position...].prefix(12).firstIndex(of: UInt8(ascii: ";")),
                let character = Self.character(String(decoding: bytes[position..<end], as: UTF8.self))
            else { return nil }
            text += String(character).utf8
            position = end + 1
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// What stands between `&` and `;`.
    private static func character(_ reference: String) -> Unicode.Scalar? {
        switch reference {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard reference.hasPrefix("#") else { return nil }
            let digits = reference.dropFirst()
            let isHexadecimal = digits.hasPrefix("x")
            let value = isHexadecimal ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
            return value.flatMap { $0 == 0 ? nil : Unicode.Scalar($0) }
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    private static func isNamePart(_ byte: UInt8, isFirst: Bool) -> Bool {
        switch byte {
        case 0x41...0x5A, 0x61...0x7A, 0x5F: true
        case 0x30...0x39, 0x2D, 0x2E, 0x3A: !isFirst
        default: false
        }
    }
}
