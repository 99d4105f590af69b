// SPDX-License-Identifier: Apache-2.0

/// What an option takes that is one of some words.
///
/// To the parser the value is text: for each type that it does not know it looks through all conformances of the program, and
/// several times, before the first record is read.
protocol OptionWord: RawRepresentable<String>, CaseIterable {}

extension OptionWord {
    /// Reads a value of `option`.
    init(_ text: String, of option: String) throws(UsageError) {
        guard let value = Self(rawValue: text) else { throw UsageError("\(option) takes \(Self.words), not '\(text)'") }
        self = value
    }

    private static var words: String {
        let words = allCases.map(\.rawValue)
        return words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
    }
}
