// SPDX-License-Identifier: Apache-2.0
import RecordText
import Testing

@Suite("JSONFramer")
struct JSONFramerTests {
    /// The values of a text that arrives in pieces of some bytes, and what is left of it.
    private static func values(of text: String, pieces: Int) -> [String] {
        let bytes = Array(text.utf8)
        var (framer, start, searched) = (JSONFramer(), 0, 0)
        var values: [String] = []
        var count = 0
        while true {
            count = min(count + pieces, bytes.count)
            let part = bytes.span.extracting(0..<count)
            while let end = framer.end(in: part, start: &start, searched: &searched) {
                values.append(String(decoding: bytes[start..<end], as: UTF8.self))
                start = searched
            }
            guard count < bytes.count else { break }
        }
        if start < bytes.count { values.append("rest:" + String(decoding: bytes[start...], as: UTF8.self)) }
        return values
    }

    @Test(
        "values are found by quotes and nesting, in whatever pieces they arrive",
        arguments: [
            (#"{"a":1}{"b":2} {"c":3}"#, [#"{"a":1}"#, #"{"b":2}"#, #"{"c":3}"#]),
            ("{\"a\":1}\n\r\n\t{\"b\":[{},\"}\"]}\n", [#"{"a":1}"#, #"{"b":[{},"}"]}"#]),
            ("{\n  \"a\": {\n    \"b\": []\n  }\n}\n", ["{\n  \"a\": {\n    \"b\": []\n  }\n}"]),
            (#"[{"a":1},{"b":2}]"#, [#"{"a":1}"#, #"{"b":2}"#]),
            ("[\n {\"a\":[1,2]}\n,\n{}] {\"c\":1}", [#"{"a":[1,2]}"#, "{}", #"{"c":1}"#]),
            (#"{"a":"\"}\\"}{"b":"\\\\\""}"#, [#"{"a":"\"}\\"}"#, #"{"b":"\\\\\""}"#]),
            ("\u{FEFF}{\"a\":1}", [#"{"a":1}"#]), ("", []), (" \n\t[ ] \n", []), ("[[1],[2]]", ["[1]", "[2]"]),
            (#""s" {"a":1}"#, [#""s""#, #"{"a":1}"#]),
            // Goes on within an array, as a later run does.
            (#",{"a":1},{"b":2}]"#, [#"{"a":1}"#, #"{"b":2}"#]),
        ] as [(String, [String])]
    )
    func found(text: String, expected: [String]) {
        for pieces in 1...max(1, text.utf8.count) {
            #expect(Self.values(of: text, pieces: pieces) == expected, "in pieces of \(pieces)")
        }
    }

    @Test(
        "what is broken takes no other record with it, where lines show the next one",
        arguments: [
            ("{\"a\":1\n{\"b\":2}\n", ["{\"a\":1\n", "{\"b\":2}"]),
            ("{\"a\":\"x\n{\"b\":2}\n", ["{\"a\":\"x", "{\"b\":2}"]),
            ("nonsense, all of it\n{\"b\":2}\n", ["nonsense, all of it", "{\"b\":2}"]),
            ("{\"a\":1,\n{\"b\":2}\n", ["{\"a\":1,\n", "{\"b\":2}"]),
            ("[{\"a\":[1\n,{\"b\":2}", ["rest:{\"a\":[1\n,{\"b\":2}"]),
            ("[1, 2]", ["1", "2"]), ("{\"a\":\"\\\n{\"b\":2}", ["{\"a\":\"\\", "{\"b\":2}"]),
            ("}\n{\"b\":2}", ["}", "{\"b\":2}"]),
            ("{\"a\":1", ["rest:{\"a\":1"]), ("{\"a\":\"\\", ["rest:{\"a\":\"\\"]),
        ] as [(String, [String])]
    )
    func broken(text: String, expected: [String]) {
        for pieces in 1...text.utf8.count {
            #expect(Self.values(of: text, pieces: pieces) == expected, "in pieces of \(pieces)")
        }
    }

    @Test("no nesting is too deep to find its end")
    func deep() {
        let value = String(repeating: "[{\"a\":", count: 2000) + "1" + String(repeating: "}]", count: 2000)
        // Within an array, since a value that is one would be taken apart.
        #expect(Self.values(of: "[\(value),{}]", pieces: 1000) == [value, "{}"])
    }
}
