// SPDX-License-Identifier: Apache-2.0

/// Separators that are regular expressions to Kafka's tools, and plain text here.
enum RegularExpression {
    /// Throws when a text means something else as an expression than as text with escapes.
    static func check(_ text: String, of option: String) throws(UsageError) {
        guard !isPlain(text) else { return }
        throw UsageError(
            "\(option) \"\(text)\" is a regular expression to Kafka's tool, and plain text here: name one separator, such as "
                + "; or \\t"
        )
    }

    /// A single character is meant as such; a backslash before one that is no letter stands for it.
    private static func isPlain(_ text: String) -> Bool {
        guard text.unicodeScalars.count > 1 else { return true }
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            if scalar == "\\" {
                guard let next = rest.popFirst() else { return false }
                guard !next.properties.isAlphabetic || "ntrx".unicodeScalars.contains(next) else { return false }
            } else if ".[](){}*+?^$|".unicodeScalars.contains(scalar) {
                return false
            }
        }
        return true
    }
}
