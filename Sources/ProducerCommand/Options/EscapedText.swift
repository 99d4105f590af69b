// SPDX-License-Identifier: Apache-2.0

/// Turns an argument such as `\t` or `\x01\x02` into the bytes it stands for.
enum EscapedText {
    /// What is wrong with an argument, as the end of a sentence about it.
    struct InvalidEscape: Error, Equatable, CustomStringConvertible {
        var description: String
    }

    /// The bytes of `text`, where `\n`, `\t`, `\r`, `\0`, `\\` and `\xNN` stand for one byte each. A lenient reading just
    /// drops a backslash before any other character, instead of throwing.
    static func bytes(_ text: String, isLenient: Bool = false) throws(InvalidEscape) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            guard let escape = rest.popFirst() else {
                guard isLenient else { throw InvalidEscape(description: "a backslash at its end: write \\\\ for one") }
                bytes.append(byte)
                break
            }
            switch escape {
            case UInt8(ascii: "n"): bytes.append(0x0A)
            case UInt8(ascii: "t"): bytes.append(0x09)
            case UInt8(ascii: "r"): bytes.append(0x0D)
            case UInt8(ascii: "0"): bytes.append(0x00)
            case UInt8(ascii: "\\"): bytes.append(escape)
            case UInt8(ascii: "x"):
                guard let high = digit(rest.popFirst()), let low = digit(rest.popFirst()) else {
                    throw InvalidEscape(description: "\\x without two hexadecimal digits")
                }
                bytes.append(high << 4 | low)
            default:
                guard isLenient else {
                    let name = String(decoding: [byte, escape] + rest.prefix { $0 & 0xC0 == 0x80 }, as: UTF8.self)
                    throw InvalidEscape(description: "the unknown escape \(name): there are \\n \\t \\r \\0 \\\\ \\xNN")
                }
                bytes.append(escape)
            }
        }
        return bytes
    }

    /// The bytes of an option's argument, or an error that names the option.
    static func bytes(_ text: String, of option: String) throws(UsageError) -> [UInt8] {
        do throws(InvalidEscape) {
            return try bytes(text)
        } catch {
            throw UsageError("\(option) \"\(text)\" has \(error)")
        }
    }

    private static func digit(_ byte: UInt8?) -> UInt8? {
        switch byte {
        case .some(let digit) where digit >= 0x30 && digit <= 0x39: digit - 0x30
        case .some(let letter) where letter | 0x20 >= 0x61 && letter | 0x20 <= 0x66: (letter | 0x20) - 0x61 + 10
        default: nil
        }
    }
}
