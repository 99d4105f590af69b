// SPDX-License-Identifier: Apache-2.0

extension String {
    /// The text without the characters up to the blank at both ends, as `String.trim()` in Java.
    var trimmedAsJava: String {
        String(unicodeScalars[...].trimming { $0.value <= 0x20 })
    }
}

extension Substring.UnicodeScalarView {
    /// The part between the first and the last scalar for which the condition does not hold.
    func trimming(while condition: (Unicode.Scalar) -> Bool) -> Substring.UnicodeScalarView {
        guard let first = firstIndex(where: { !condition($0) }), let last = lastIndex(where: { !condition($0) }) else {
            return self[endIndex...]
        }
        return self[first...last]
    }
}

extension Unicode.Scalar {
    /// Whether `\s` in a Java regular expression matches this.
    var isJavaWhitespace: Bool { value == 0x20 || (0x09...0x0D).contains(value) }
}
