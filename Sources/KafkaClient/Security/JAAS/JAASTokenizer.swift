// SPDX-License-Identifier: Apache-2.0

/// Finds the tokens of a JAAS configuration as the Java client does, with its oddities: it reads with Java's
/// `StreamTokenizer`, in UTF-16 units.
///
/// - White space is every unit up to 32.
/// - A word consists of letters, digits, `_ - $ .` and all units from 160 on. It cannot begin with a digit, `.` or `-`:
///   those begin a number.
/// - A quoted word goes up to the same quote or the end of its line.
/// - A comment is `/* … */`, or whatever follows a `/` in its line.
struct JAASTokenizer {
    private let units: [UInt16]
    /// The unit that is read next.
    private var position = 0
    /// The place of the token that was read last, in characters from 1.
    private(set) var tokenPosition = 1

    init(_ text: String) {
        units = Array(text.utf16)
    }

    /// The next token.
    mutating func next() -> JAASToken {
        skipBlanks()
        tokenPosition = position + 1
        guard let unit = peek() else { return .end }
        if Self.startsNumber(unit) { return number() }
        if Self.isWordUnit(unit) { return word() }
        if unit == Unit.doubleQuote || unit == Unit.singleQuote { return quoted(by: unit) }
        position += 1
        return .symbol(unit)
    }

    private func peek(_ distance: Int = 0) -> UInt16? {
        position + distance < units.count ? units[position + distance] : nil
    }

    private mutating func take() -> UInt16? {
        guard let unit = peek() else { return nil }
        position += 1
        return unit
    }

    // MARK: Blanks

    private mutating func skipBlanks() {
        while let unit = peek() {
            if unit <= Unit.space {
                position += 1
            } else if unit == Unit.slash, peek(1) == Unit.star {
                skipBlockComment()
            } else if unit == Unit.slash {
                skipLine()
            } else {
                return
            }
        }
    }

    private mutating func skipBlockComment() {
        position += 2
        var previous: UInt16 = 0
        while let unit = take() {
            if unit == Unit.slash, previous == Unit.star { return }
            previous = unit
        }
    }

    private mutating func skipLine() {
        while let unit = peek(), !Self.endsLine(unit) { position += 1 }
    }

    // MARK: Words and numbers

    private mutating func word() -> JAASToken {
        let start = position
        while let unit = peek(), Self.isWordUnit(unit) || Self.startsNumber(unit) { position += 1 }
        return .word(Secret(String(decoding: units[start..<position], as: UTF16.self)))
    }

    /// A lone `-` is a symbol; a lone `.` is a number to Java.
    private mutating func number() -> JAASToken {
        if peek() == Unit.minus {
            guard let second = peek(1), second == Unit.dot || Self.isDigit(second) else {
                position += 1
                return .symbol(Unit.minus)
            }
            position += 1
        }
        var hasDot = false
        while let unit = peek(), Self.isDigit(unit) || (unit == Unit.dot && !hasDot) {
            hasDot = hasDot || unit == Unit.dot
            position += 1
        }
        return .number
    }

    private mutating func quoted(by quote: UInt16) -> JAASToken {
        position += 1
        var content: [UInt16] = []
        while let unit = peek(), !Self.endsLine(unit) {
            position += 1
            if unit == quote { break }
            guard unit == Unit.backslash else {
                content.append(unit)
                continue
            }
            if let escaped = escape() { content.append(escaped) }
        }
        return .word(Secret(String(decoding: content, as: UTF16.self)))
    }

    /// What stands behind a backslash; nil at the end of the text. A line's end can be escaped, too.
    private mutating func escape() -> UInt16? {
        guard let first = take() else { return nil }
        guard Self.isOctalDigit(first) else { return Unit.escapes[first] ?? first }
        // At most \377: behind a first digit from 4 on comes only one more.
        let more = first <= Unit.three ? 2 : 1
        var value = first - Unit.zero
        for _ in 0..<more {
            guard let digit = peek(), Self.isOctalDigit(digit) else { break }
            value = value << 3 + (digit - Unit.zero)
            position += 1
        }
        return value
    }

    // MARK: Classes of units

    private static func endsLine(_ unit: UInt16) -> Bool { unit == 0x0A || unit == 0x0D }

    private static func isDigit(_ unit: UInt16) -> Bool { (0x30...0x39).contains(unit) }

    private static func isOctalDigit(_ unit: UInt16) -> Bool { (0x30...0x37).contains(unit) }

    private static func startsNumber(_ unit: UInt16) -> Bool {
        isDigit(unit) || unit == Unit.dot || unit == Unit.minus
    }

    private static func isWordUnit(_ unit: UInt16) -> Bool {
        switch unit {
        case 0x41...0x5A, 0x61...0x7A, 0xA0...: true
        case Unit.minus, Unit.underscore, Unit.dollar: true
        default: false
        }
    }

    private enum Unit {
        static let space: UInt16 = 0x20
        static let doubleQuote: UInt16 = 0x22
        static let dollar: UInt16 = 0x24
        static let singleQuote: UInt16 = 0x27
        static let star: UInt16 = 0x2A
        static let minus: UInt16 = 0x2D
        static let dot: UInt16 = 0x2E
        static let slash: UInt16 = 0x2F
        static let zero: UInt16 = 0x30
        static let three: UInt16 = 0x33
        static let backslash: UInt16 = 0x5C
        static let underscore: UInt16 = 0x5F
        /// `\a \b \f \n \r \t \v`.
        static let escapes: [UInt16: UInt16] = [
            0x61: 0x07, 0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D, 0x74: 0x09, 0x76: 0x0B,
        ]
    }
}
