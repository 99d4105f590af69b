// SPDX-License-Identifier: Apache-2.0

/// What a member of an object has as bytes, and where.
public enum JSONPlace: Equatable, Sendable {
    /// There is no such member.
    case absent
    /// It is null.
    case null
    /// A string, whose text is meant.
    case string(JSONString)
    /// The object `{"base64":"…"}`, whose string stands for bytes.
    case base64(JSONString)
    /// Any other value, whose own bytes are meant.
    case other(Range<Int>)
}

extension JSONScanner {
    /// Passes the value that comes next and says what it has as bytes.
    public mutating func place(in bytes: Span<UInt8>) throws(JSONFault) -> JSONPlace {
        switch try kind(in: bytes) {
        case .string: return .string(try string(in: bytes))
        case .null:
            _ = try word(in: bytes)
            return .null
        case .object:
            let start = position
            if let text = try base64(in: bytes) { return .base64(text) }
            move(to: start)
            return .other(try value(in: bytes))
        case .array, .number, .bool: return .other(try value(in: bytes))
        }
    }

    /// The string of an object whose only member is `base64`; nil for another object.
    private mutating func base64(in bytes: Span<UInt8>) throws(JSONFault) -> JSONString? {
        guard let name = try firstMember(in: bytes), name.content.count == 6,
            bytes.hasText("base64", at: name.content.lowerBound), try kind(in: bytes) == .string
        else { return nil }
        let text = try string(in: bytes)
        return try nextMember(in: bytes) == nil ? text : nil
    }
}
