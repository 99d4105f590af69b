// SPDX-License-Identifier: Apache-2.0

/// Splits one logical line of a properties file into key and value and resolves its escapes.
struct PropertiesLine {
    let units: [UInt16]
    let number: Int

    /// The entry on this line.
    func entry() throws(PropertiesError) -> PropertySource.Entry {
        var keyEnd = 0
        var isEscaped = false
        while keyEnd < units.count {
            let unit = units[keyEnd]
            if !isEscaped, unit.isPropertiesSeparator || unit.isPropertiesBlank { break }
            isEscaped = unit == .backslash && !isEscaped
            keyEnd += 1
        }
        var valueStart = keyEnd
        var hasSeparator = false
        while valueStart < units.count {
            let unit = units[valueStart]
            if unit.isPropertiesSeparator, !hasSeparator {
                hasSeparator = true
            } else if !unit.isPropertiesBlank {
                break
            }
            valueStart += 1
        }
        return PropertySource.Entry(
            key: try unescaped(units[..<keyEnd]),
            value: try unescaped(units[valueStart...]),
            line: number
        )
    }

    private func unescaped(_ part: ArraySlice<UInt16>) throws(PropertiesError) -> String {
        var result: [UInt16] = []
        result.reserveCapacity(part.count)
        var position = part.startIndex
        while position < part.endIndex {
            let unit = part[position]
            position += 1
            guard unit == .backslash, position < part.endIndex else {
                result.append(unit)
                continue
            }
            let escaped = part[position]
            position += 1
            if escaped == UInt16(ascii: "u") {
                result.append(try codeUnit(part[position...].prefix(4)))
                position += 4
            } else {
                result.append(escaped.propertiesControl ?? escaped)
            }
        }
        return String(decoding: result, as: UTF16.self)
    }

    private func codeUnit(_ digits: ArraySlice<UInt16>) throws(PropertiesError) -> UInt16 {
        var value: UInt16 = 0
        for digit in digits {
            guard let nibble = digit.hexadecimalValue else { throw malformed }
            value = value &<< 4 | nibble
        }
        guard digits.count == 4 else { throw malformed }
        return value
    }

    private var malformed: PropertiesError { PropertiesError(line: number, message: "Malformed \\uxxxx encoding.") }
}
