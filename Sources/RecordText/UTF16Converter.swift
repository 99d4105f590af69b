// SPDX-License-Identifier: Apache-2.0

/// Makes UTF-8 of UTF-16 that comes in pieces.
///
/// A surrogate without its other half, and a last byte without its second one, become what ``LoneSurrogate`` finds: three
/// bytes that are no UTF-8.
public struct UTF16Converter: Sendable {
    /// Which of two bytes comes first.
    public enum ByteOrder: Sendable {
        case big, little
    }

    private var order: ByteOrder?
    /// Whether the next unit may be a byte order mark.
    private var isAtBeginning = true
    /// The first byte of a unit whose second has not come yet.
    private var odd: UInt8?
    /// The first half of a character whose second has not come yet.
    private var high: UInt16?

    /// - Parameter order: the order of the bytes; nil for the one that the byte order mark says, or little without one.
    public init(_ order: ByteOrder? = nil) { self.order = order }

    /// Appends the text of these bytes, which follow those before; no more than three bytes for two, and three.
    public mutating func convert(_ bytes: Span<UInt8>, to text: inout [UInt8]) {
        var index = 0
        if let first = odd, bytes.count > 0 {
            odd = nil
            take(first, bytes[0], to: &text)
            index = 1
        }
        while index + 1 < bytes.count {
            take(bytes[index], bytes[index + 1], to: &text)
            index += 2
        }
        if index < bytes.count { odd = bytes[index] }
    }

    /// Appends what is left when no more bytes come.
    public mutating func finish(to text: inout [UInt8]) {
        if let high { Self.append(UInt32(high), to: &text) }
        if odd != nil { Self.append(0xDFFF, to: &text) }
        (high, odd) = (nil, nil)
    }

    private mutating func take(_ first: UInt8, _ second: UInt8, to text: inout [UInt8]) {
        if isAtBeginning {
            isAtBeginning = false
            switch (first, second) {
            case (0xFE, 0xFF) where order != .little:
                order = .big
                return
            case (0xFF, 0xFE) where order != .big:
                order = .little
                return
            default: break
            }
        }
        let unit =
            order == .big ? UInt16(first) << 8 | UInt16(second) : UInt16(second) << 8 | UInt16(first)
        switch unit {
        case 0xD800..<0xDC00:
            if let high { Self.append(UInt32(high), to: &text) }
            high = unit
        case 0xDC00..<0xE000:
            guard let high else { return Self.append(UInt32(unit), to: &text) }
            self.high = nil
            Self.append(0x1_0000 + (UInt32(high) - 0xD800) << 10 + (UInt32(unit) - 0xDC00), to: &text)
        default:
            if let high { Self.append(UInt32(high), to: &text) }
            high = nil
            Self.append(UInt32(unit), to: &text)
        }
    }

    private static func append(_ code: UInt32, to text: inout [UInt8]) {
        func rest(_ shift: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: 0x80 | code >> shift & 0x3F) }
        switch code {
        case 0..<0x80: text.append(UInt8(code))
        case 0x80..<0x800:
            text.append(UInt8(0xC0 | code >> 6))
            text.append(rest(0))
        case 0x800..<0x1_0000:
            text.append(UInt8(0xE0 | code >> 12))
            text.append(rest(6))
            text.append(rest(0))
        default:
            text.append(UInt8(0xF0 | code >> 18))
            text.append(rest(12))
            text.append(rest(6))
            text.append(rest(0))
        }
    }
}

/// What ``UTF16Converter`` makes of half a character.
public enum LoneSurrogate {
    /// Where the first one is; nil when there is none.
    public static func firstIndex(in bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        var index = range.lowerBound
        while index + 1 < range.upperBound {
            if bytes[index] == 0xED, bytes[index + 1] >= 0xA0 { return index }
            index += 1
        }
        return nil
    }
}
