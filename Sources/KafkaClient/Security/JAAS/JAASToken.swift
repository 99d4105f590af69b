// SPDX-License-Identifier: Apache-2.0

/// A piece of a JAAS configuration.
enum JAASToken {
    /// A word, quoted or not.
    case word(Secret)
    /// A number, which can be neither a name nor a value.
    case number
    /// Any other character, such as `=` and `;`.
    case symbol(UInt16)
    /// There is nothing more.
    case end

    /// The word, or nil for anything else.
    var word: Secret? {
        if case .word(let word) = self { word } else { nil }
    }

    /// Whether this is the end.
    var isEnd: Bool {
        if case .end = self { true } else { false }
    }

    /// Whether this is the unquoted character.
    func isSymbol(_ character: Character) -> Bool {
        guard case .symbol(let unit) = self else { return false }
        return character.utf16.elementsEqual([unit])
    }
}
