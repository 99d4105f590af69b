// SPDX-License-Identifier: Apache-2.0

/// Whole numbers in decimal digits.
public enum DecimalNumber {
    /// The number that all of a part stands for: an optional `-`, then digits. Nil when it is none, or does not fit.
    public static func parse(_ bytes: Span<UInt8>, _ part: Range<Int>) -> Int64? {
        var place = part.lowerBound
        let isNegative = place < part.upperBound && bytes[place] == UInt8(ascii: "-")
        if isNegative { place += 1 }
        guard place < part.upperBound else { return nil }
        var number: Int64 = 0
        // Counted below zero, where there is one more.
        for index in place..<part.upperBound {
            let digit = bytes[index] &- 0x30
            guard digit <= 9 else { return nil }
            let (tenfold, overflows) = number.multipliedReportingOverflow(by: 10)
            let (sum, overflowsToo) = tenfold.subtractingReportingOverflow(Int64(digit))
            guard !overflows, !overflowsToo else { return nil }
            number = sum
        }
        if isNegative { return number }
        return number == .min ? nil : -number
    }
}
