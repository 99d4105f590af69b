// SPDX-License-Identifier: Apache-2.0
import RecordText
import Testing

@Suite("Paths into JSON")
struct JSONPathTests {
    private static func found(_ paths: [String], in text: String) throws(JSONFault) -> [String] {
        let bytes = Array(text.utf8)
        var places: [JSONPlace] = []
        try JSONPaths(paths.compactMap { JSONPath($0) }).find(0..<bytes.count, in: bytes.span, into: &places)
        return places.map { place in
            switch place {
            case .absent: "absent"
            case .null: "null"
            case .string(let string): "s:" + String(decoding: bytes[string.content], as: UTF8.self)
            case .base64(let string): "b:" + String(decoding: bytes[string.content], as: UTF8.self)
            case .other(let range): String(decoding: bytes[range], as: UTF8.self)
            }
        }
    }

    @Test(
        "paths lead through members and elements",
        arguments: [
            ([".a"], ["1"]), (["a"], ["1"]), ([".b.c"], ["s:x"]), (["b.d[1].e"], ["null"]), ([".b.d[0]"], ["true"]),
            ([".b.d[9]"], ["absent"]), ([".x"], ["absent"]), ([".a.b"], ["absent"]), ([".b[0]"], ["absent"]),
            ([".\"f.g\""], ["[ ]"]),
            ([".b", ".b.c", ".a", ".b.d[1]"], [#"{"c":"x","d":[true,{"e":null}]}"#, "s:x", "1", #"{"e":null}"#]),
            ([".twice"], ["2"]), ([".é"], ["3"]),
        ] as [([String], [String])]
    )
    func found(paths: [String], expected: [String]) throws {
        let text = #" {"a":1,"b":{"c":"x","d":[true,{"e":null}]},"f.g":[ ],"twice":1,"twice":2,"\u00e9":3} "#
        #expect(try Self.found(paths, in: text) == expected)
    }

    @Test("a later member of the same name takes the place of all that the earlier one had")
    func replaced() throws {
        #expect(try Self.found([".a.b"], in: #"{"a":{"b":1},"a":{"c":2}}"#) == ["absent"])
    }

    @Test("an array may be what is looked into")
    func array() throws {
        #expect(try Self.found(["[1].a"], in: #"[0,{"a":"y"}]"#) == ["s:y"])
    }

    @Test(
        "a text that is no path is none",
        arguments: ["", ".", "a.", ".a..b", "[x]", "a[", "a[-1]", "a]b[", ".\"a", "a[0]b"]
    )
    func noPaths(text: String) {
        #expect(JSONPath(text) == nil || text == "a]b[", "\(text)")
    }

    @Test("what is not JSON is refused, also behind what was looked for")
    func refused() {
        for text in [#"{"a":1"#, #"{"a":1} x"#, #"{"a":1,}"#, ""] {
            #expect(throws: JSONFault.self) { try Self.found([".a"], in: text) }
        }
    }
}
