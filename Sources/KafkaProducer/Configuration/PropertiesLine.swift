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

/// The characters that mean something in a properties file.
extension UInt16 {
    static let hash = UInt16(ascii: "#")
    static let exclamationMark = UInt16(ascii: "!")
    static let backslash = UInt16(ascii: "\\")
    static let carriageReturn = UInt16(ascii: "\r")
    static let lineFeed = UInt16(ascii: "\n")

    init(ascii scalar: Unicode.Scalar) {
        self = UInt16(UInt8(ascii: scalar))
    }

    var isPropertiesBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0C }
    var isPropertiesLineEnd: Bool { self == .lineFeed || self == .carriageReturn }
    var isPropertiesSeparator: Bool { self == UInt16(ascii: "=") || self == UInt16(ascii: ":") }

    /// The control character that this letter means after a backslash, if it means one.
    var propertiesControl: UInt16? {
        switch self {
        case UInt16(ascii: "t"): 0x09
        case UInt16(ascii: "n"): .lineFeed
        case UInt16(ascii: "r"): .carriageReturn
        case UInt16(ascii: "f"): 0x0C
        default: nil
        }
    }

    var hexadecimalValue: UInt16? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x41 + 10
        case 0x61...0x66: self - 0x61 + 10
        default: nil
        }
    }
}
