// SPDX-License-Identifier: Apache-2.0

/// Bytes in base64 (RFC 4648).
public enum Base64Text {
    /// No digit.
    private static let none: UInt8 = 0xFF

    /// The six bits of each digit; `-` and `_` of the alphabet for URLs count as `+` and `/`.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: none, count: 256)
        let digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (value, digit) in digits.utf8.enumerated() { values[Int(digit)] = UInt8(value) }
        values[Int(UInt8(ascii: "-"))] = 62
        values[Int(UInt8(ascii: "_"))] = 63
        return values
    }()

    /// Appends bytes as text, with padding at its end.
    public static func append(encoding bytes: Span<UInt8>, to text: inout [UInt8]) {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var index = 0
        while index < bytes.count {
            let count = min(3, bytes.count - index)
            var group = UInt32(0)
            for place in 0..<3 { group = group << 8 | (place < count ? UInt32(bytes[index + place]) : 0) }
            for place in 0..<4 {
                let digit = digits[Int(group >> UInt32(18 - 6 * place)) & 63]
                text.append(place <= count ? digit : UInt8(ascii: "="))
            }
            index += 3
        }
    }

    /// Appends the bytes that a text stands for, with or without padding at its end; false when it is not base64.
    public static func append(from text: Span<UInt8>, to bytes: inout [UInt8]) -> Bool {
        var count = text.count
        if count.isMultiple(of: 4) {
            for _ in 0..<2 where count > 0 && text[count - 1] == UInt8(ascii: "=") { count -= 1 }
        }
        guard count % 4 != 1 else { return false }
        bytes.reserveCapacity(bytes.count + count / 4 * 3 + 2)
        let values = values.span
        var (group, bits) = (UInt32(0), 0)
        for place in 0..<count {
            let value = values[Int(text[place])]
            guard value != none else { return false }
            group = group << 6 | UInt32(value)
            bits += 6
            guard bits >= 8 else { continue }
            bits -= 8
            bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
        }
        // What is left over of the last digit has no byte to be in.
        return group & (1 << UInt32(bits) - 1) == 0
    }
}
