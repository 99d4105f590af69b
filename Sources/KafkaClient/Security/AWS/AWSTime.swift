// SPDX-License-Identifier: Apache-2.0

/// A time as AWS writes it: in UTC and to the second.
struct AWSTime: Comparable, Sendable {
    /// Seconds since the beginning of 1970.
    let seconds: Int64

    private static let secondsADay: Int64 = 86_400

    /// A time.
    init(seconds: Int64) {
        self.seconds = seconds
    }

    /// Reads `2026-01-31T12:59:59Z`. Fractions of a second may follow and count for nothing, and instead of `Z` an offset
    /// such as `+00:00`.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 40 else { return nil }
        for (place, mark) in [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")] {
            guard bytes[place] == mark.utf8.first else { return nil }
        }
        guard let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]), (1...12).contains(month),
            let day = Self.number(bytes[8..<10]), (1...31).contains(day), let hour = Self.number(bytes[11..<13]),
            hour < 24,
            let minute = Self.number(bytes[14..<16]), minute < 60, let second = Self.number(bytes[17..<19]),
            second <= 60,
            let offset = Self.offset(bytes[19...])
        else { return nil }
        let time = hour * 3600 + minute * 60 + second
        seconds = Self.days(year: year, month: month, day: day) * Self.secondsADay + time - offset
    }

    static func < (left: AWSTime, right: AWSTime) -> Bool { left.seconds < right.seconds }

    static func + (time: AWSTime, seconds: Int64) -> AWSTime { AWSTime(seconds: time.seconds + seconds) }

    /// The day, as `yyyyMMdd`.
    var date: String {
        let (year, month, day) = Self.date(days: Self.floorDivide(seconds, Self.secondsADay))
        return Self.padded(year, 4) + Self.padded(month, 2) + Self.padded(day, 2)
    }

    /// Day and time, as `yyyyMMdd'T'HHmmss'Z'`.
    var timestamp: String {
        let time = seconds - Self.floorDivide(seconds, Self.secondsADay) * Self.secondsADay
        let parts = [time / 3600, time / 60 % 60, time % 60]
        return "\(date)T\(parts.map { Self.padded($0, 2) }.joined())Z"
    }

    // MARK: The calendar

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int64? {
        var value: Int64 = 0
        for byte in bytes {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - 0x30)
        }
        return value
    }

    /// The seconds of what follows the time: `Z`, `+hh:mm` or `+hhmm`, behind a fraction.
    private static func offset(_ bytes: ArraySlice<UInt8>) -> Int64? {
        var rest = bytes
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst().drop { (0x30...0x39).contains($0) }
        }
        guard let sign = rest.popFirst() else { return nil }
        if sign == UInt8(ascii: "Z") { return rest.isEmpty ? 0 : nil }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
        let digits = rest.filter { $0 != UInt8(ascii: ":") }
        guard digits.count == 4, let hours = number(digits[0..<2]), hours < 24, let minutes = number(digits[2..<4]),
            minutes < 60
        else { return nil }
        return (sign == UInt8(ascii: "+") ? 1 : -1) * (hours * 3600 + minutes * 60)
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        value / divisor - (value % divisor < 0 ? 1 : 0)
    }

    /// Days since 1970. Years begin in March here, so that a leap day is the last of its year; 400 years have 146,097 days.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = floorDivide(shifted, 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func date(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
    }
}
