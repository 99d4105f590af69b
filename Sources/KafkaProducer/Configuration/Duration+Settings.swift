// SPDX-License-Identifier: Apache-2.0

/// Times in settings files are whole milliseconds.
extension Duration {
    /// The time that a number of milliseconds stands for: at least 0 and at most a hundred years.
    static func setting(milliseconds: Int64) -> Duration {
        let century: Int64 = 100 * 365 * 86_400 * 1000
        return .milliseconds(min(max(milliseconds, 0), century))
    }

    /// The duration in milliseconds, parts of one dropped towards the past, and held within 64 bits.
    var flooredMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflows) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflows else { return seconds < 0 ? .min : .max }
        let part = attoseconds / 1_000_000_000_000_000 - (attoseconds % 1_000_000_000_000_000 < 0 ? 1 : 0)
        let (sum, sumOverflows) = product.addingReportingOverflow(part)
        return sumOverflows ? (part < 0 ? .min : .max) : sum
    }
}
