// SPDX-License-Identifier: Apache-2.0

extension Span where Element == UInt8 {
    /// The first quote, backslash or control character from a place on.
    @inline(__always)
    func endOfPlainString(from start: Int, to end: Int) -> Int {
        var place = start
        while place &+ 8 <= end {
            let word = word(at: place)
            let quotes = word ^ 0x2222_2222_2222_2222
            let backslashes = word ^ 0x5C5C_5C5C_5C5C_5C5C
            // The lowest bit that is set in each of the three is that of a byte which is looked for.
            let found =
                ((quotes &- 0x0101_0101_0101_0101) & ~quotes)
                | ((backslashes &- 0x0101_0101_0101_0101) & ~backslashes)
                | ((word &- 0x2020_2020_2020_2020) & ~word)
            let marks = found & 0x8080_8080_8080_8080
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
}
