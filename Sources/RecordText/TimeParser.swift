// SPDX-License-Identifier: Apache-2.0

/// Points in time as text.
public enum TimeParser {
    /// Milliseconds since 1970 of a time by RFC 3339, such as `2026-11-29T15:50:22.123Z` or `2026-11-29 16:50:22+01:00`; a
    /// whole number is taken for milliseconds. Nil for anything else, and for a time before 1970.
    public static func milliseconds(_ bytes: Span<UInt8>, _ part: Range<Int>) -> Int64? {
        if let number = DecimalNumber.parse(bytes, part) { return number >= 0 ? number : nil }
        guard part.count >= 20 else { return nil }
        let text = bytes.extracting(part)
        guard let year = number(text, 0..<4), text[4] == 0x2D, let month = number(text, 5..<7), text[7] == 0x2D,
            let day = number(text, 8..<10), text[10] | 0x20 == UInt8(ascii: "t") || text[10] == 0x20,
            let hour = number(text, 11..<13), text[13] == 0x3A, let minute = number(text, 14..<16), text[16] == 0x3A,
            let second = number(text, 17..<19), (1...12).contains(month), day >= 1,
            day <= daysOfMonth(month, of: year), hour < 24, minute < 60, second <= 60
        else { return nil }
        var place = 19
        let fraction = milliseconds(text, &place)
        guard let fraction, let shift = shift(text, place) else { return nil }
        let seconds = ((days(year, month, day) * 24 + hour) * 60 + minute - shift) * 60 + second
        let time = seconds * 1000 + fraction
        return time >= 0 ? time : nil
    }

    private static func number(_ text: Span<UInt8>, _ part: Range<Int>) -> Int64? {
        var number: Int64 = 0
        for index in part {
            let digit = text[index] &- 0x30
            guard digit <= 9 else { return nil }
            number = number * 10 + Int64(digit)
        }
        return number
    }

    /// The milliseconds of a fraction at a place, zero without one; passes it. Nil when there are no digits after a point.
    private static func milliseconds(_ text: Span<UInt8>, _ place: inout Int) -> Int64? {
        guard place < text.count, text[place] == UInt8(ascii: ".") || text[place] == UInt8(ascii: ",") else { return 0 }
        place += 1
        let start = place
        var (value, weight) = (Int64(0), Int64(100))
        while place < text.count, text[place] &- 0x30 <= 9 {
            value += Int64(text[place] &- 0x30) * weight
            weight /= 10
            place += 1
        }
        return place > start ? value : nil
    }

    /// Minutes east of Greenwich, by the rest of a time; nil when that is no zone.
    private static func shift(_ text: Span<UInt8>, _ place: Int) -> Int64? {
        let rest = text.count - place
        guard rest > 0 else { return nil }
        if rest == 1, text[place] | 0x20 == UInt8(ascii: "z") { return 0 }
        guard rest == 6 || rest == 5, text[place] == UInt8(ascii: "+") || text[place] == UInt8(ascii: "-") else {
            return nil
        }
        if rest == 6, text[place + 3] != 0x3A { return nil }
        guard let hours = number(text, place + 1..<place + 3), hours < 24,
            let minutes = number(text, text.count - 2..<text.count), minutes < 60
        else { return nil }
        let shift = hours * 60 + minutes
        return text[place] == UInt8(ascii: "-") ? -shift : shift
    }

    private static func daysOfMonth(_ month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since 1970 of a date in the Gregorian calendar; years are counted from March, so that the leap day is a year's last.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month > 2 ? month - 3 : month + 9
        let from = month > 2 ? year : year - 1
        let dayOfYear = (153 * shifted + 2) / 5 + day - 1
        return from * 365 + from / 4 - from / 100 + from / 400 + dayOfYear - 719_468
    }
}
