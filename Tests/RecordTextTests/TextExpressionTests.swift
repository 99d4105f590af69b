// SPDX-License-Identifier: Apache-2.0
import RecordText
import Testing

/// `{re#…#}`: how far a text goes. The expected ends are those of Go's `regexp` with the expression behind `^`.
@Suite("Regular expressions in layouts")
struct TextExpressionTests {
    /// What the expression takes of a text; nil when it does not match.
    private static func taken(_ expression: String, _ text: String) throws -> String? {
        var reader = RecordLayoutReader(try RecordLayout("%v{re###\(expression)###}"))
        let bytes = Array(text.utf8)
        switch reader.read(bytes.span, from: 0, isEnd: true) {
        case .record(let end): return String(decoding: bytes[..<end], as: UTF8.self)
        case .incomplete: return "incomplete"
        case .malformed(let fault, let place):
            #expect(fault == .expression && place == 0)
            return nil
        }
    }

    @Test(
        "the first alternative counts, and repeats take as much as they can",
        arguments: [
            ("abc", "abcd", "abc"), ("abc", "abd", nil), ("a|ab", "abc", "a"), ("ab|a", "abc", "ab"),
            ("(a|ab)(c|bcd)", "abcd", "abcd"), ("a*", "aaab", "aaa"), ("a*?", "aaab", ""), ("a+?b", "aaab", "aaab"),
            ("a?b", "b", "b"), ("a??b", "ab", "ab"), (#"\d+"#, "123x", "123"), (#"\d+"#, "x", nil),
            (#"\w+\s\w+"#, "a_1 b-", "a_1 b"), (#"\D\W\S"#, "x-ä", "x-ä"), (".", "ä", "ä"), (".*", "a\nb", "a"),
            (".{2}", "äöü", "äö"), ("[a-c]+", "abcd", "abc"), ("[^a-c]+", "xä☃a", "xä☃"), ("[]a]+", "]a]b", "]a]"),
            (#"[\d.-]+"#, "1.5-x", "1.5-"), ("[a-]+", "a-b", "a-"), (#"[\]\\]+"#, #"]\x"#, #"]\"#),
            ("ä{2}", "ääö", "ää"),
            ("a{2,3}", "aaaa", "aaa"), ("a{2,3}?", "aaaa", "aa"), ("a{2,}", "aaaa", "aaaa"), ("a{2}", "a", nil),
            ("a{x", "a{x", "a{x"), ("(?:ab)+", "ababa", "abab"), ("(?P<n>ab)c", "abc", "abc"), ("(|a)+b", "aab", "aab"),
            ("(a*)*b", "aaac", nil), ("(a*)+", "aaac", "aaa"), (#"\x41\.\*"#, "A.*", "A.*"), ("^ab", "abc", "ab"),
            ("", "x", ""), ("a|", "b", ""), ("x*", "aaa", ""), (#"\{\}"#, "{}", "{}"),
        ] as [(String, String, String?)]
    )
    func ends(expression: String, text: String, expected: String?) throws {
        #expect(try Self.taken(expression, text) == expected)
    }

    @Test("no text makes an expression slow: the ways through it are followed side by side")
    func quick() throws {
        let text = String(repeating: "a", count: 20_000)
        #expect(try Self.taken("(a|a)*(a*)*b", text) == nil)
        #expect(try Self.taken("(a?){500}a{500}", text)?.count == 1000)
    }

    @Test("a text that may go on waits for more bytes, one that cannot does not")
    func parts() throws {
        var reader = RecordLayoutReader(try RecordLayout(#"%k{re#\d+#}%v{re[[a-z]{1,3}]};"#))
        let bytes = Array("12abc;".utf8)
        for count in 0..<bytes.count {
            let part = Array(bytes[..<count])
            let outcome = reader.read(part.span, from: 0, isEnd: false)
            #expect(outcome == .incomplete, "\(count)")
        }
        let whole = reader.read(bytes.span, from: 0, isEnd: false)
        #expect(whole == .record(end: 6))
        #expect(reader.key?.range == 0..<2 && reader.value?.range == 2..<5)
        let other = Array("12ABC;".utf8)
        let fault = reader.read(other.span, from: 0, isEnd: false)
        #expect(fault == .malformed(.expression, at: 2))
    }

    @Test(
        "what cannot be had is refused with its name",
        arguments: [
            ("a$", "$ in {re}"), ("a^", "^ in {re}"), (#"\ba"#, #"\b in {re}"#), ("(a", "a ( without its )"),
            ("a)", "a ) without its ("), ("[a", "a [ without its ]"), ("*", "a repeat of nothing"),
            ("a**", "a repeat of a repeat"), ("(?i)a", "flags in {re}"), ("[ä]", "beyond ASCII"),
            ("[[:alpha:]]", "write the characters"), ("[z-a]", "in the wrong order"), ("a{2000}", "a count over"),
            ("(a{1000}){1000}", "come to too much"), (#"[\D]"#, "within []"), ("a{3,2}", "in the wrong order"),
            (String(repeating: "(", count: 60) + String(repeating: ")", count: 60), "groups in groups"),
        ]
    )
    func refused(expression: String, words: String) {
        let fault = #expect(throws: RecordLayoutFault.self) { try RecordLayout("%v{re##\(expression)##}") }
        #expect(fault?.description.contains(words) == true, "\(String(describing: fault))")
    }

    @Test(
        "its brackets are any that are not in it, as often as need be",
        arguments: ["re#a#", "re##a##", "re[a]", "re(a)", "re<a>", "re{a}", "re[[a]]", "re[[a]+]"]
    )
    func brackets(modifier: String) throws {
        var reader = RecordLayoutReader(try RecordLayout("%v{\(modifier)};"))
        let bytes: [UInt8] = [0x61, 0x3B]
        let outcome = reader.read(bytes.span, from: 0, isEnd: false)
        #expect(outcome == .record(end: 2))
    }

    @Test(
        "a size beside it, and an end that is missing, are refused",
        arguments: ["%V{byte}%v{re#a#}", "%v{re#a}", "%v{re"]
    )
    func misuse(layout: String) {
        #expect(throws: RecordLayoutFault.self) { try RecordLayout(layout) }
    }
}
