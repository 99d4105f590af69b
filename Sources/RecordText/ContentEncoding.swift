// SPDX-License-Identifier: Apache-2.0

/// How the text of a key or a value stands for its bytes.
public enum ContentEncoding: String, Sendable, CaseIterable {
    /// The text itself, in UTF-8.
    case text
    /// Base64 (RFC 4648, both alphabets, with or without padding).
    case base64
    /// Two hexadecimal digits a byte.
    case hex

    /// Appends the bytes that a text stands for; false when it stands for none.
    public func append(from text: Span<UInt8>, to bytes: inout [UInt8]) -> Bool {
        switch self {
        case .text:
            bytes.append(copying: text, 0..<text.count)
            return true
        case .base64: return Base64Text.append(from: text, to: &bytes)
        case .hex: return Hexadecimal.append(from: text, to: &bytes)
        }
    }
}
