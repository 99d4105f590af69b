// SPDX-License-Identifier: Apache-2.0

extension Span where Element == UInt8 {
    /// The first quote, backslash or control character from a place on.
    @inline(__always)
    func endOfPlainString(from start: Int, to end: Int) -> Int {
        var place = start
        // Long strings four words at a time: most words have none.
        while place &+ 32 <= end {
            let (first, second) = (Self.marks(word(at: place)), Self.marks(word(at: place &+ 8)))
            let (third, fourth) = (Self.marks(word(at: place &+ 16)), Self.marks(word(at: place &+ 24)))
            if first | second | third | fourth != 0 { break }
            place &+= 32
        }
        while place &+ 8 <= end {
            let marks = Self.marks(word(at: place))
            if marks != 0 { return place &+ marks.trailingZeroBitCount &>> 3 }
            place &+= 8
        }
        while place < end {
            let byte = self[place]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { return place }
            place &+= 1
        }
        return end
    }

    /// Of the bytes of a word, those that end a plain string. The lowest bit that is set is that of such a byte.
    @inline(__always)
    private static func marks(_ word: UInt64) -> UInt64 {
        let quotes = word ^ 0x2222_2222_2222_2222
        let backslashes = word ^ 0x5C5C_5C5C_5C5C_5C5C
        let found =
            ((quotes &- 0x0101_0101_0101_0101) & ~quotes)
            | ((backslashes &- 0x0101_0101_0101_0101) & ~backslashes)
            | ((word &- 0x2020_2020_2020_2020) & ~word)
        return found & 0x8080_8080_8080_8080
    }
}
