// SPDX-License-Identifier: Apache-2.0

/// Numbers as a person reads them: grouped digits, decimal units, a clock for durations.
enum NumberText {
    /// Digits in groups of three: `5,000,000`.
    static func grouped(_ value: some BinaryInteger) -> String {
        var text = ""
        let digits = String(value.magnitude)
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return value < 0 ? "-" + text : text
    }

    /// A number of bytes in decimal units with one digit after the point: `999 B`, `12.0 kB`, `505.3 MB`, `4.1 GB`.
    static func bytes(_ count: Double) -> String {
        guard count.isFinite, count >= 0 else { return "0 B" }
        if count < 999.5 { return "\(Int(count.rounded())) B" }
        var value = count
        for unit in ["kB", "MB", "GB", "TB"] {
            value /= 1000
            if value < 999.95 { return fixed(value, digits: 1) + " " + unit }
        }
        return fixed(value / 1000, digits: 1) + " PB"
    }

    /// As `bytes(_: Double)`.
    static func bytes(_ count: UInt64) -> String { bytes(Double(count)) }

    /// How many a second: whole ones in groups of three, small ones with two digits that tell something: `0.095`, `3.2`.
    static func rate(_ value: Double) -> String {
        guard value.isFinite, value > 0 else { return "0" }
        guard value < 9.95, value != value.rounded() else { return grouped(UInt64(min(value, 9e18).rounded())) }
        // Two digits after the point for each power of ten below one.
        var (digits, scaled) = (1, value)
        while scaled < 0.995, digits < 6 {
            scaled *= 10
            digits += 1
        }
        return fixed(value, digits: digits)
    }

    /// How many bytes a second, with two digits below ten: `0.41 B/s`, `25.2 MB/s`.
    static func byteRate(_ value: Double) -> String { (value < 9.95 ? rate(value) + " B" : bytes(value)) + "/s" }

    /// Seconds with enough digits to compare runs: `0.012`, `0.71`, `12.3`, `345`.
    static func seconds(_ value: Double) -> String {
        switch value {
        case ..<0.1: fixed(value, digits: 3)
        case ..<10: fixed(value, digits: 2)
        case ..<100: fixed(value, digits: 1)
        default: fixed(value, digits: 0)
        }
    }

    /// A setting's duration: `300 ms`, `1.5 s`, `60 s`.
    static func duration(_ value: Duration) -> String {
        let milliseconds = Int64(value / .milliseconds(1))
        guard milliseconds >= 1000 else { return "\(milliseconds) ms" }
        guard !milliseconds.isMultiple(of: 1000) else { return "\(milliseconds / 1000) s" }
        return fixed(Double(milliseconds) / 1000, digits: 1) + " s"
    }

    /// A time left, rounded up to whole seconds: `0:07`, `12:30`, `3:00:00`.
    static func clock(seconds: Double) -> String {
        let total = Int(min(max(seconds, 0), 359_999).rounded(.up))
        let (hours, minutes, rest) = (total / 3600, total / 60 % 60, total % 60)
        let tail = "\(padded(rest))"
        return hours > 0 ? "\(hours):\(padded(minutes)):\(tail)" : "\(minutes):\(tail)"
    }

    /// A decimal number with exactly `digits` digits after the point.
    static func fixed(_ value: Double, digits: Int) -> String {
        guard value.isFinite, value.magnitude < 9e18 else { return "0" }
        // So large a number has no digits after the point any more.
        guard value.magnitude < 1e15 else {
            return String(Int(value)) + (digits > 0 ? "." + String(repeating: "0", count: digits) : "")
        }
        var scale = 1
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int((value.magnitude * Double(scale)).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard digits > 0 else { return sign + String(scaled) }
        let fraction = String(scaled % scale)
        return sign + String(scaled / scale) + "." + String(repeating: "0", count: digits - fraction.count) + fraction
    }

    private static func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
