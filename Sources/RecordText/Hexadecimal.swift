// SPDX-License-Identifier: Apache-2.0

/// Hexadecimal digits, two a byte.
public enum Hexadecimal {
    /// The value of one digit, in either case; nil for another byte.
    public static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46, 0x61...0x66: (digit | 0x20) - 0x61 + 10
        default: nil
        }
    }

    /// Appends the bytes that digits stand for; false when these are not pairs of digits.
    public static func append(from text: Span<UInt8>, to bytes: inout [UInt8]) -> Bool {
        guard text.count.isMultiple(of: 2) else { return false }
        bytes.reserveCapacity(bytes.count + text.count / 2)
        var place = 0
        while place < text.count {
            guard let high = value(of: text[place]), let low = value(of: text[place + 1]) else { return false }
            bytes.append(high << 4 | low)
            place += 2
        }
        return true
    }
}
