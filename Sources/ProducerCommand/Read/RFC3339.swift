// SPDX-License-Identifier: Apache-2.0

/// Points in time as RFC 3339 writes them: `2026-11-21T08:00:29.123Z`, `2026-11-21T09:00:29+01:00`.
enum RFC3339 {
    /// Milliseconds since 1970, nil for what is no such text. Digits after the third one of a second are cut off.
    static func milliseconds(_ text: some Sequence<UInt8>) -> Int64? {
        var rest = Array(text)[...]
        guard let year = number(4, &rest), take("-", &rest), let month = number(2, &rest), take("-", &rest),
            let day = number(2, &rest), take("Tt ", &rest), let hour = number(2, &rest), take(":", &rest),
            let minute = number(2, &rest), take(":", &rest), let second = number(2, &rest),
            (1...12).contains(month), (1...daysOf(month, year)).contains(day), hour < 24, minute < 60, second < 61
        else { return nil }
        guard let fraction = fraction(&rest), let zone = zone(&rest), rest.isEmpty else { return nil }
        let days = daysSince1970(year: year, month: month, day: day)
        return (((days * 24 + hour) * 60 + minute - zone) * 60 + second) * 1000 + fraction
    }

    private static func take(_ characters: String, _ rest: inout ArraySlice<UInt8>) -> Bool {
        guard let first = rest.first, characters.utf8.contains(first) else { return false }
        rest.removeFirst()
        return true
    }

    private static func digit(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        guard let byte = rest.first, byte >= 0x30, byte <= 0x39 else { return nil }
        rest.removeFirst()
        return Int64(byte - 0x30)
    }

    private static func number(_ digits: Int, _ rest: inout ArraySlice<UInt8>) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<digits {
            guard let digit = digit(&rest) else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    /// Milliseconds after the point; 0 without one, nil for a point without digits.
    private static func fraction(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        guard take(".,", &rest) else { return 0 }
        var value: Int64 = 0
        var count = 0
        while let digit = digit(&rest) {
            if count < 3 { value = value * 10 + digit }
            count += 1
        }
        guard count > 0 else { return nil }
        for _ in min(count, 3)..<3 { value *= 10 }
        return value
    }

    /// Minutes ahead of UTC.
    private static func zone(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        if take("Zz", &rest) { return 0 }
        let isBehind = rest.first == UInt8(ascii: "-")
        guard take("+-", &rest), let hours = number(2, &rest), take(":", &rest), let minutes = number(2, &rest),
            hours < 24, minutes < 60
        else { return nil }
        return (hours * 60 + minutes) * (isBehind ? -1 : 1)
    }

    private static func daysOf(_ month: Int64, _ year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Years are counted from March, so that the leap day is a year's last day.
    private static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
    }
}
