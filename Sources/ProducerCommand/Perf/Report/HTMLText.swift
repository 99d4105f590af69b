// SPDX-License-Identifier: Apache-2.0

/// Text as it stands in an HTML page, where five characters mean something else.
enum HTMLText {
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            // Control characters may not stand in a page at all.
            case "\u{0}"..<"\u{9}", "\u{B}"..<"\u{20}", "\u{7F}"..<"\u{A0}": result += "\u{FFFD}"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }

    /// The same, where a line may also break behind `.`, `-`, `_`, `/`, `:` and `,`, so that long names of topics and
    /// settings do so rather than inside a word.
    static func breakable(_ text: String) -> String {
        var result = ""
        var piece = ""
        for character in text {
            piece.append(character)
            guard ".-_/:,".contains(character) else { continue }
            result += escaped(piece) + "<wbr/>"
            piece = ""
        }
        return result + escaped(piece)
    }
}
