// SPDX-License-Identifier: Apache-2.0

/// The time in a header such as `Date: Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7; the old forms are not read).
struct HTTPDate: Equatable {
    /// Milliseconds since 1970, in whole seconds.
    let milliseconds: Int64

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Reads the header's value; nil for anything else.
    init?(_ text: String) {
        let words = text.split(separator: " ")
        guard words.count == 6, words[0].hasSuffix(","), words[5] == "GMT",
            let day = Self.number(words[1], 1...31), let month = Self.months.firstIndex(of: String(words[2])),
            let year = Self.number(words[3], 1970...9999)
        else { return nil }
        let clock = words[4].split(separator: ":", omittingEmptySubsequences: false)
        guard clock.count == 3, let hour = Self.number(clock[0], 0...23), let minute = Self.number(clock[1], 0...59),
            let second = Self.number(clock[2], 0...60)
        else { return nil }
        let days = Self.days(year: year, month: month + 1, day: day)
        milliseconds = Int64(((days * 24 + hour) * 60 + minute) * 60 + second) * 1000
    }

    private static func number(_ text: Substring, _ range: ClosedRange<Int>) -> Int? {
        guard text.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(text), range.contains(number) else {
            return nil
        }
        return number
    }

    /// Days since 1970 in the Gregorian calendar. Years are counted from March on, so that a leap day is the last one.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month > 2 ? year : year - 1
        let monthFromMarch = (month + 9) % 12
        let leapDays = shifted / 4 - shifted / 100 + shifted / 400
        let daysBefore1970 = 719_468
        return shifted * 365 + leapDays + (153 * monthFromMarch + 2) / 5 + day - 1 - daysBefore1970
    }
}
