// SPDX-License-Identifier: Apache-2.0

/// Formats of rpk as far as they are options here.
enum RpkFormat {
    /// The options for a format of `-f`: where it is a value and what ends it, with a key and what ends that before it or
    /// without, lines have faster ways than layouts.
    static func inputOptions(_ format: String) -> [String] {
        let pieces = format.components(beforeVerbs: ["%k", "%v"])
        switch pieces.map(\.verb) {
        case ["%v", nil] where pieces[0].text.isEmpty && !pieces[1].text.isEmpty && isPlain(pieces[1].text):
            return pieces[1].text == "\\n" ? [] : ["-D", pieces[1].text]
        case ["%k", "%v", nil]
        where pieces[0].text.isEmpty && !pieces[1].text.isEmpty && !pieces[2].text.isEmpty && isPlain(pieces[1].text)
            && isPlain(pieces[2].text):
            return ["-K", pieces[1].text] + (pieces[2].text == "\\n" ? [] : ["-D", pieces[2].text])
        default: return ["-f", format]
        }
    }

    /// The options for a format of `-o`.
    static func outputOptions(_ format: String) throws(UsageError) -> [String] {
        guard !format.isEmpty else { return [] }
        var rest = format[...]
        while let percent = rest.firstIndex(of: "%") {
            let verb = rest[rest.index(after: percent)...].first ?? " "
            guard "tpodkv%".contains(verb), rest[percent...].dropFirst(2).first != "{" else {
                throw UsageError(
                    "-o \"\(format)\": there are %t %p %o %d %k %v and %% here; --receipts-format has more (kafka-producer "
                        + "send --help)"
                )
            }
            rest = rest[percent...].dropFirst(2)
        }
        return ["--receipts", "-", "--receipts-format", format]
    }

    /// Whether it has no verb, and says nothing about the one before it.
    private static func isPlain(_ text: String) -> Bool { !text.contains("%") && !text.hasPrefix("{") }
}

extension String {
    /// The text before each of these verbs, and what follows the last one.
    fileprivate func components(beforeVerbs verbs: [String]) -> [(text: String, verb: String?)] {
        var result: [(text: String, verb: String?)] = []
        var (text, rest) = ("", self[...])
        while !rest.isEmpty {
            if let verb = verbs.first(where: { rest.hasPrefix($0) }) {
                result.append((text, verb))
                (text, rest) = ("", rest.dropFirst(verb.count))
            } else {
                text.append(rest.removeFirst())
            }
        }
        return result + [(text, nil)]
    }
}
