// SPDX-License-Identifier: Apache-2.0

/// A string of JSON, by the place of its content: what stands between the quotes.
public struct JSONString: Equatable, Sendable {
    /// The bytes between the quotes.
    public let content: Range<Int>
    /// Whether some of them are escapes, so that the content is not the text yet.
    public let hasEscapes: Bool

    /// A string whose content lies there.
    public init(content: Range<Int>, hasEscapes: Bool) {
        self.content = content
        self.hasEscapes = hasEscapes
    }

    /// The same string, so many bytes farther.
    @inline(__always)
    func moved(by distance: Int) -> JSONString {
        JSONString(content: content.lowerBound &+ distance..<content.upperBound &+ distance, hasEscapes: hasEscapes)
    }

    /// Appends the text that the string stands for. Bytes from 0x80 on pass unchanged.
    ///
    /// - Parameters:
    ///   - bytes: those that the string was found in.
    ///   - text: what is appended to.
    public func append(from bytes: Span<UInt8>, to text: inout [UInt8]) {
        var place = content.lowerBound
        let end = content.upperBound
        while place < end {
            let plain = hasEscapes ? bytes.firstBackslash(in: place..<end) : end
            text.append(copying: bytes, place..<plain)
            guard plain < end else { return }
            place = Self.appendEscape(at: plain, end, bytes, to: &text)
        }
    }

    /// Appends what the escape at a place stands for; returns where it ends. The scanner has checked it.
    private static func appendEscape(
        at place: Int,
        _ end: Int,
        _ bytes: Span<UInt8>,
        to text: inout [UInt8]
    ) -> Int {
        guard place + 1 < end else { return end }
        switch bytes[place + 1] {
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            guard let unit = bytes.hexadecimalUnit(at: place + 2, end) else { return end }
            guard unit & 0xFC00 == 0xD800 else {
                text.append(scalar: UInt32(unit))
                return place + 6
            }
            guard let second = bytes.hexadecimalUnit(at: place + 8, end) else { return end }
            text.append(scalar: 0x10000 + (UInt32(unit) & 0x3FF) << 10 + UInt32(second) & 0x3FF)
            return place + 12
        case let other: text.append(other)
        }
        return place + 2
    }
}

extension Span where Element == UInt8 {
    /// The first backslash of a part, or the part's end.
    fileprivate func firstBackslash(in part: Range<Int>) -> Int {
        var place = part.lowerBound
        while place < part.upperBound, self[place] != UInt8(ascii: "\\") { place += 1 }
        return place
    }

    /// The 16 bits that four hexadecimal digits at a place stand for; nil when these are not there before `end`.
    func hexadecimalUnit(at place: Int, _ end: Int) -> UInt16? {
        guard place + 4 <= end else { return nil }
        var unit: UInt16 = 0
        for index in place..<place + 4 {
            guard let digit = Hexadecimal.value(of: self[index]) else { return nil }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }
}

extension [UInt8] {
    /// Appends the bytes of a part.
    @inline(__always)
    mutating func append(copying bytes: Span<UInt8>, _ part: Range<Int>) {
        unsafe bytes.extracting(part).withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    /// Appends a scalar in UTF-8.
    fileprivate mutating func append(scalar: UInt32) {
        switch scalar {
        case ..<0x80: append(UInt8(scalar))
        case ..<0x800:
            append(UInt8(0xC0 | scalar >> 6))
            append(UInt8(0x80 | scalar & 0x3F))
        case ..<0x10000:
            append(UInt8(0xE0 | scalar >> 12))
            append(UInt8(0x80 | scalar >> 6 & 0x3F))
            append(UInt8(0x80 | scalar & 0x3F))
        default:
            append(UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18))
            append(UInt8(0x80 | scalar >> 12 & 0x3F))
            append(UInt8(0x80 | scalar >> 6 & 0x3F))
            append(UInt8(0x80 | scalar & 0x3F))
        }
    }
}
