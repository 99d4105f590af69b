// SPDX-License-Identifier: Apache-2.0

/// Base64 (RFC 4648), as SCRAM and tokens have it.
enum Base64Text {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The text for `bytes`, with padding.
    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << (8 * UInt32(3 - group.count))
            for index in 0..<4 {
                let digit = Int(bits >> (18 - 6 * UInt32(index)) & 63)
                text.append(index <= group.count ? alphabet[digit] : UInt8(ascii: "="))
            }
        }
        return text
    }

    /// Reads a text; nil when it is none.
    ///
    /// - Parameters:
    ///   - text: With padding, in the standard alphabet.
    ///   - forURLs: Whether the alphabet is that of URLs, and the padding may be left out.
    /// - Returns: The bytes.
    static func decode(_ text: some Collection<UInt8>, forURLs: Bool = false) -> [UInt8]? {
        let digits = text.prefix { $0 != UInt8(ascii: "=") }
        let padding = text.dropFirst(digits.count)
        guard padding.count <= 2, padding.allSatisfy({ $0 == UInt8(ascii: "=") }) else { return nil }
        guard (digits.count + padding.count) % 4 == 0 || forURLs && padding.isEmpty && digits.count % 4 != 1 else {
            return nil
        }
        var bytes: [UInt8] = []
        var (bits, count) = (UInt32(0), 0)
        for digit in digits {
            guard let value = value(of: digit, forURLs: forURLs) else { return nil }
            (bits, count) = (bits << 6 | value, count + 6)
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            bits &= (1 << UInt32(count)) - 1
        }
        return bytes
    }

    private static func value(of digit: UInt8, forURLs: Bool) -> UInt32? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a") + 26)
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0") + 52)
        case UInt8(ascii: "+") where !forURLs, UInt8(ascii: "-") where forURLs: 62
        case UInt8(ascii: "/") where !forURLs, UInt8(ascii: "_") where forURLs: 63
        default: nil
        }
    }
}
