// SPDX-License-Identifier: Apache-2.0

/// Parts a record of CSV into its fields (RFC 4180): quotes around a field let it hold separators, line breaks and, doubled,
/// quotes; within a field that has no quotes around it they stand for themselves.
public enum CSVRow {
    /// Finds the fields of a record.
    ///
    /// - Parameters:
    ///   - record: where it lies, without the line break at its end.
    ///   - bytes: those in which it lies.
    ///   - separator: what stands between two fields.
    ///   - fields: gets the fields, of which there is at least one; what was there is removed.
    /// - Throws: ``CSVFault`` when the record is no row.
    public static func read(
        _ record: Range<Int>,
        in bytes: Span<UInt8>,
        separator: UInt8,
        into fields: inout [CSVField]
    ) throws(CSVFault) {
        fields.removeAll(keepingCapacity: true)
        var place = record.lowerBound
        while true {
            if place < record.upperBound, bytes[place] == UInt8(ascii: "\"") {
                fields.append(try quoted(from: &place, record.upperBound, in: bytes))
                guard place == record.upperBound || bytes[place] == separator else {
                    throw CSVFault(kind: .textBehindQuote, offset: place)
                }
            } else {
                let start = place
                place = bytes.firstIndexNearby(of: separator, from: start, to: record.upperBound)
                fields.append(CSVField(content: start..<place, hasEscapes: false))
            }
            guard place < record.upperBound else { return }
            place &+= 1
        }
    }

    private static func quoted(
        from place: inout Int,
        _ end: Int,
        in bytes: Span<UInt8>
    ) throws(CSVFault) -> CSVField {
        let start = place + 1
        var hasEscapes = false
        var search = start
        while true {
            let quote = bytes.firstIndexNearby(of: UInt8(ascii: "\""), from: search, to: end)
            guard quote < end else { throw CSVFault(kind: .openQuote, offset: place) }
            guard quote + 1 < end, bytes[quote + 1] == UInt8(ascii: "\"") else {
                place = quote + 1
                return CSVField(content: start..<quote, hasEscapes: hasEscapes)
            }
            hasEscapes = true
            search = quote + 2
        }
    }
}

extension Span where Element == UInt8 {
    /// The index of the first such byte from `start` on, `end` when there is none before that; eight bytes at a time.
    @inline(__always)
    func firstIndexNearby(of byte: UInt8, from start: Int, to end: Int) -> Int {
        let pattern = UInt64(byte) &* 0x0101_0101_0101_0101
        var place = start
        while place &+ 8 <= end {
            let difference = word(at: place) ^ pattern
            let zeros = (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
            if zeros != 0 { return place &+ zeros.trailingZeroBitCount &>> 3 }
            place &+= 8
        }
        while place < end, self[place] != byte { place &+= 1 }
        return place
    }
}
