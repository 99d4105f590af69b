// SPDX-License-Identifier: Apache-2.0

/// Base64 as PEM uses it: padded, white space passed over.
enum Base64 {
    /// The bytes of a text, or nil when it is not one.
    static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var group: UInt32 = 0
        var (digits, padding) = (0, 0)
        for character in text where !isSpace(character) {
            if character == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            guard padding == 0, let value = value(of: character) else { return nil }
            group = group << 6 | value
            digits += 1
            guard digits % 4 == 0 else { continue }
            for shift: UInt32 in [16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: group >> shift)) }
            group = 0
        }
        switch (digits % 4, padding) {
        case (0, 0): break
        case (2, 2), (2, 0): bytes.append(UInt8(truncatingIfNeeded: group >> 4))
        case (3, 1), (3, 0): bytes += [UInt8(truncatingIfNeeded: group >> 10), UInt8(truncatingIfNeeded: group >> 2)]
        default: return nil
        }
        return bytes
    }

    /// Whether a character of the text is white space.
    static func isSpace(_ character: UInt8) -> Bool { character == 0x20 || (0x09...0x0D).contains(character) }

    /// Whether a character may stand in the text.
    static func isAllowed(_ character: UInt8) -> Bool {
        isSpace(character) || character == UInt8(ascii: "=") || value(of: character) != nil
    }

    private static func value(of character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
