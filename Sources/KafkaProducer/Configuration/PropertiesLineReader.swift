// SPDX-License-Identifier: Apache-2.0

/// Cuts a properties file into logical lines: comments and blank lines left out, continued lines joined.
struct PropertiesLineReader {
    /// A logical line and the number, from 1, of the physical line it begins on.
    struct Line {
        var units: [UInt16]
        var number: Int
    }

    private let units: [UInt16]
    private var position = 0
    private var lineNumber = 1

    init(units: [UInt16]) {
        self.units = units
    }

    /// The next logical line, or `nil` at the end.
    ///
    /// Two habits of the Java reader are kept on purpose: a continuation that leaves nothing (`\` alone on its line)
    /// lets the next line be a comment again, and a backslash that ends the file is dropped.
    mutating func next() -> Line? {
        var line = Line(units: [], number: lineNumber)
        var isSkippingBlanks = true
        var isContinuation = false
        var isEscaped = false
        while let unit = peek() {
            if isSkippingBlanks {
                if unit.isPropertiesBlank || (!isContinuation && unit.isPropertiesLineEnd) {
                    advance()
                    continue
                }
                isSkippingBlanks = false
                isContinuation = false
            }
            if line.units.isEmpty {
                line.number = lineNumber
                if unit == .hash || unit == .exclamationMark {
                    skipComment()
                    isSkippingBlanks = true
                    continue
                }
            }
            let isLast = position + 1 == units.count
            advance()
            if !unit.isPropertiesLineEnd {
                line.units.append(unit)
                isEscaped = unit == .backslash && !isEscaped
            } else if line.units.isEmpty {
                isSkippingBlanks = true
            } else if isEscaped {
                line.units.removeLast()
                guard !isLast else { return line }
                isSkippingBlanks = true
                isContinuation = true
                isEscaped = false
            } else {
                return line
            }
        }
        // The file ended inside a line: a dangling backslash is no part of it.
        guard !line.units.isEmpty else { return nil }
        if isEscaped { line.units.removeLast() }
        return line
    }

    private func peek() -> UInt16? { position < units.count ? units[position] : nil }

    /// Steps over one unit, or over both of a `\r\n`, and counts physical lines.
    private mutating func advance() {
        let unit = units[position]
        position += 1
        guard unit.isPropertiesLineEnd else { return }
        if unit == .carriageReturn, peek() == .lineFeed { position += 1 }
        lineNumber += 1
    }

    private mutating func skipComment() {
        while let unit = peek() {
            advance()
            if unit.isPropertiesLineEnd { return }
        }
    }
}
