// SPDX-License-Identifier: Apache-2.0

/// A point in time as an argument gives it: milliseconds since 1970, RFC 3339, or a while ago such as `-1h`.
enum TimeArgument {
    /// Milliseconds since 1970, nil for what is no time.
    ///
    /// - Parameters:
    ///   - text: The argument.
    ///   - now: The time from which a while ago is counted, in milliseconds since 1970.
    /// - Returns: The time.
    static func milliseconds(_ text: String, now: Int64) -> Int64? {
        if let number = Int64(text), number >= 0 { return number }
        if text.hasPrefix("-") {
            guard let ago = TransactionOptions.duration(String(text.dropFirst())), ago >= .zero else { return nil }
            return max(0, now - Int64(ago / .milliseconds(1)))
        }
        return RFC3339.milliseconds(text.utf8)
    }
}
