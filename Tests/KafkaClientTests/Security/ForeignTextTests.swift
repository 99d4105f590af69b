// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

@Suite("Words from elsewhere")
struct ForeignTextTests {
    @Test(
        "are shown without what a terminal would obey",
        arguments: [
            ("Grüße, 世界 🙂", "Grüße, 世界 🙂"), ("a\u{1B}[2Jb", "a?[2Jb"), ("a\r\nb\u{0}", "a??b?"),
            ("a\u{9B}31mb", "a?31mb"),
            ("left\u{202E}right", "left?right"), ("one\u{2028}two\u{2029}", "one?two?"), ("", ""),
        ]
    )
    func shown(text: String, expected: String) { #expect(ForeignText.shown(text) == expected) }

    @Test("have an end")
    func limit() {
        #expect(ForeignText.shown(String(repeating: "é", count: 400)) == String(repeating: "é", count: 300))
        #expect(ForeignText.shown("abc", limit: 2) == "ab")
    }
}
