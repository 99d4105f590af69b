// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import KafkaProducer
import Testing

/// The properties format where the vectors are silent.
@Suite("Properties")
struct PropertiesTests {
    private func entries(_ text: String) throws -> [[String]] {
        try Properties(bytes: Array(text.utf8)).entries.map { [$0.key, $0.value, String($0.line ?? 0)] }
    }

    @Test("every entry knows the line it begins on, over continued lines, comments and all line ends")
    func lines() throws {
        let text = "a=1\n# comment\n\nb=2,\\\n   3\r\nc=4\rd=5\n \t e=6\\\r\n7\nf=8"
        #expect(
            try entries(text) == [
                ["a", "1", "1"], ["b", "2,3", "4"], ["c", "4", "6"], ["d", "5", "7"], ["e", "67", "8"],
                ["f", "8", "10"],
            ]
        )
    }

    @Test("surrogates written as two escapes make one character")
    func surrogates() throws {
        #expect(try entries("a=\\ud83d\\uDE00") == [["a", "😀", "1"]])
    }

    @Test("a malformed escape names its line", arguments: ["\\u12", "\\u", "\\u12g4", "\\u-123"])
    func malformed(escape: String) {
        let expected = PropertiesError(line: 3, message: "Malformed \\uxxxx encoding.")
        #expect(throws: expected) { try entries("a=1\nb=2\nc=\(escape)\nd=4") }
        #expect(throws: expected) { try entries("a=1\nb=2\n\(escape)=3\nd=4") }
    }

    @Test("a file of UTF-8 is read as ISO-8859-1, decoded text as it is")
    func charset() throws {
        #expect(try entries("a=é") == [["a", "Ã©", "1"]])
        #expect(try Properties(text: "a=é€")["a"] == "é€")
    }

    @Test("of two entries with one key the later wins, and both are kept")
    func duplicates() throws {
        let properties = try Properties(text: "a=1\na=2")
        #expect(properties["a"] == "2")
        #expect(properties["b"] == nil)
        #expect(properties.entries.count == 2)
    }

    @Test(
        "oddities of the Java reader are kept",
        arguments: [
            ("\\", [["", "", "1"]]),
            ("\\\n", [["", "", "1"]]),
            ("\\\r\n", []),
            ("\\\n  ", []),
            ("\\\n#a=1\nb=2", [["b", "2", "3"]]),
            ("a\\\n\nb", [["a", "", "1"], ["b", "", "3"]]),
            ("=x", [["", "x", "1"]]),
            ("a = : b", [["a", ": b", "1"]]),
            ("a\u{0C}:\u{0C}b", [["a", "b", "1"]]),
            ("a\\", [["a", "", "1"]]),
            ("a=\\\\", [["a", "\\", "1"]]),
            ("#only a comment", []),
            ("", []),
        ]
    )
    func oddities(text: String, expected: [[String]]) throws {
        #expect(try entries(text) == expected)
    }

    @Test("no bytes whatever trap")
    func arbitrary() {
        var generator = SplitMix64(seed: 1)
        let alphabet = Array("\\u0aF:= \t\u{0C}\r\n#!xé".utf8)
        for _ in 0..<2000 {
            let count = Int.random(in: 0...40, using: &generator)
            let bytes = (0..<count).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
            _ = try? Properties(bytes: bytes)
        }
    }
}
