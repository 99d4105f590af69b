// SPDX-License-Identifier: Apache-2.0

/// Makes words that came from elsewhere, such as a broker's message or a certificate's name, fit for a line to the user.
enum ForeignText {
    /// The words with a `?` for each character that a terminal would obey, and with an end to them.
    ///
    /// - Parameters:
    ///   - text: The words.
    ///   - limit: How much of them is shown, in Unicode scalars.
    /// - Returns: The text to show.
    static func shown(_ text: String, limit: Int = 300) -> String {
        let scalars = text.unicodeScalars.prefix(limit).map { isHarmless($0) ? $0 : "?" }
        return String(String.UnicodeScalarView(scalars))
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
