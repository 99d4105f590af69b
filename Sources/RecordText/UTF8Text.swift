// SPDX-License-Identifier: Apache-2.0

/// Checks of UTF-8.
public enum UTF8Text {
    /// Whether all bytes are UTF-8.
    public static func isValid(_ bytes: Span<UInt8>) -> Bool { firstFault(in: bytes, 0..<bytes.count) == nil }

    /// Where the first sequence lies that is not UTF-8, nil when all of the part is. Overlong forms, surrogates and what is
    /// beyond U+10FFFF are not UTF-8 (RFC 3629).
    public static func firstFault(in bytes: Span<UInt8>, _ part: Range<Int>) -> Int? {
        var place = part.lowerBound
        while place < part.upperBound {
            if place &+ 8 <= part.upperBound, bytes.word(at: place) & 0x8080_8080_8080_8080 == 0 {
                place &+= 8
                continue
            }
            guard let length = length(of: bytes, at: place, part.upperBound) else { return place }
            place &+= length
        }
        return nil
    }

    /// How many bytes the sequence at a place has; nil when it is none.
    private static func length(of bytes: Span<UInt8>, at place: Int, _ end: Int) -> Int? {
        let first = bytes[place]
        let (length, second): (Int, ClosedRange<UInt8>)
        switch first {
        case ..<0x80: return 1
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return nil
        }
        guard place + length <= end, second.contains(bytes[place + 1]) else { return nil }
        for index in place + 2..<place + max(2, length) where bytes[index] & 0xC0 != 0x80 { return nil }
        return length
    }
}

extension Span where Element == UInt8 {
    /// The eight bytes at a place, the first in the lowest; the caller has checked that they are there.
    @inline(__always)
    func word(at place: Int) -> UInt64 {
        UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: place, as: UInt64.self))
    }

    /// Whether so many bytes at a place are those of some words, of which the first is at `first`; one byte at least.
    ///
    /// Whole words are looked at: near the end of all bytes the answer is no.
    @inline(__always)
    func hasWords(_ words: [UInt64], from first: Int = 0, byteCount: Int, at place: Int) -> Bool {
        let last = (byteCount &- 1) &>> 3
        guard place &+ (last &+ 1) &* 8 <= count else { return false }
        for index in 0..<last {
            guard word(at: place &+ index &* 8) == words[first &+ index] else { return false }
        }
        let unused = UInt64((last &+ 1) &* 8 &- byteCount) &* 8
        return (word(at: place &+ last &* 8) ^ words[first &+ last]) &<< unused == 0
    }
}
