// SPDX-License-Identifier: Apache-2.0
import RecordText
import Testing

@Suite("JSONScanner")
struct JSONScannerTests {
    /// What is wrong with a text that should be one value; nil when nothing is.
    private static func fault(_ bytes: [UInt8], isUTF8: Bool = true) -> JSONFault? {
        // Between other bytes, which are not to be looked at.
        let text = Array("]\"".utf8) + bytes + Array("\"1]".utf8)
        var scanner = JSONScanner(2..<text.count - 3)
        do throws(JSONFault) {
            let range = try scanner.value(in: text.span)
            try scanner.expectEnd(in: text.span)
            if isUTF8 { try JSONScanner.checkUTF8(JSONString(content: range, hasEscapes: false), in: text.span) }
            return nil
        } catch {
            return JSONFault(error.kind, at: error.offset - 2)
        }
    }

    @Test(
        "what RFC 8259 has is taken",
        arguments: [
            "[]", "{}", "[[]   ]", "[\"\"]", "[\"a\"]", "[false]", "[null, 1, \"1\", {}]", "[null]", "[1\n]", " [1]",
            "[1,null,null,null,2]", "[2] ", "[123e65]", "[0e+1]", "[0e1]", "[ 4]", "[-0.000000000000000000000000001]\n",
            "[20e1]", "[-0]", "[-123]", "[-1]", "[1E22]", "[1E-2]", "[1E+2]", "[123e45]", "[123.456e78]", "[1e-2]",
            "[1e+2]", "[123]", "[123.456789]", #"{"asd":"sdf", "dfg":"fgh"}"#, #"{"a":"b","a":"c"}"#, #"{"":0}"#,
            #"{"foo\u0000bar": 42}"#, #"{ "min": -1.0e+28, "max": 1.0e+28 }"#, #"{"x":[{"id": "xx"}], "id": "x"}"#,
            #"{"a":[]}"#, #"{"title":"\u041f\u043e\u043b"}"#, "{\n\"a\": \"b\"\n}", #"["\u0060\u012a\u12AB"]"#,
            #"["\uD801\udc37"]"#, #"["\ud83d\ude39\ud83d\udc8d"]"#, #"["\"\\\/\b\f\n\r\t"]"#, #"["\\u0000"]"#,
            #"["\""]"#, #"["a/*b*/c/*d//e"]"#, #"["\\a"]"#, #"["\\n"]"#, #"["\u0012"]"#, #"["\uFFFF"]"#, #"["asd"]"#,
            #"[ "asd"]"#, #"["\uDBFF\uDFFF"]"#, #"["new\u00A0line"]"#, "[\"\u{10FFFF}\"]", "[\"\u{1BFFF}\"]",
            #"["\u0000"]"#, #"["\u002c"]"#, "[\"π\"]", "[\"\u{7F}\"]", #"["\uD834\uDd1e"]"#, #"" ""#, #"["\u0821"]"#,
            "[\"\u{2028}\"]", "[\"\u{2029}\"]", #"["\u0061\u30af\u30EA\u30b9"]"#, "[\"aa\"]", #"["\uA66D"]"#,
            "false", "42", "-0.1", "null", #""asd""#, "true", #""""#, "[\"a\"]\n", "[true]", " [] ", "\t\r\n 1 \t\r\n",
            "[123.456e-789]", "[-1e+9999]", "[1.5e+9999]", "[-123123e100000]", "[123123e100000]", "[123e-10000000]",
            "[-123123123123123123123123123123]", "[100000000000000000000]",
            "[0.4e00669999999999999999999999]", "[1.7976931348623157e999]", "[123123123123123123123123123]",
        ]
    )
    func accepted(text: String) {
        #expect(Self.fault(Array(text.utf8)) == nil)
    }

    @Test(
        "what RFC 8259 does not have is refused, at its place",
        arguments: [
            ("", 0), ("[1 true]", 3), ("[a]", 1), ("[\"\": 1]", 3), ("[\"\"],", 4), ("[,1]", 1), ("[1,,2]", 3),
            ("[\"x\",,]", 5), ("[\"x\"]]", 5), ("[\"\",]", 4), ("[\"x\"", 4), ("[x", 1), ("[3[4]]", 2), ("[1:2]", 2),
            ("[,]", 1), ("[-]", 2), ("[   , \"\"]", 4), ("[\"a\",\n4\n,1,", 11), ("[1,]", 3), ("[1,,]", 3), ("[*]", 1),
            ("[\"\"", 3), ("[1,", 3), ("[1,\n1\n,1", 8), ("[{}", 3), ("[fals]", 5), ("[nul]", 4), ("[tru]", 4),
            ("[++1234]", 1), ("[+1]", 1), ("[+Inf]", 1), ("[-01]", 1), ("[-1.0.]", 5), ("[-2.]", 4), ("[-NaN]", 2),
            ("[.-1]", 1), ("[.2e-3]", 1), ("[0.1.2]", 4), ("[0.3e+]", 6), ("[0.3e]", 5), ("[0.e1]", 3), ("[0E+]", 4),
            ("[0E]", 3), ("[0e+]", 4), ("[1.0e+]", 6), ("[1.0e-]", 6), ("[1.0e]", 5), ("[1 000.0]", 3), ("[1eE2]", 3),
            ("[2.e+3]", 3), ("[2.e3]", 3), ("[9.e+]", 3), ("[Inf]", 1), ("[NaN]", 1), ("[1+2]", 2), ("[0x1]", 2),
            ("[0x42]", 2), ("[-Infinity]", 2), ("[-foo]", 2), ("[- 1]", 2), ("[-012]", 1), ("[-.123]", 2), ("[1.]", 3),
            ("[.123]", 1), ("[1.2a-3]", 4), ("[1.8011670033376514H-308]", 19), ("[012]", 1), ("[1ea]", 3),
            (#"["x", truth]"#, 9), (#"{[: "x"}"#, 1), (#"{"x", null}"#, 4), (#"{"x"::"b"}"#, 5),
            (#"{"a":"a" 123}"#, 9), (#"{key: 'value'}"#, 1), (#"{"a" b}"#, 5), (#"{:"b"}"#, 1), (#"{"a""#, 4),
            (#"{"a""b"}"#, 4), (#"{"a":"#, 5), (#"{"a"}"#, 4), (#"{1:1}"#, 1), (#"{9999E9999:1}"#, 1),
            (#"{null:null,null:null}"#, 1), (#"{"id":0,,,,,}"#, 8), (#"{'a':0}"#, 1), (#"{"id":0,}"#, 8),
            (#"{"a":"b"}/**/"#, 9), (#"{"a":"b",,"c":"d"}"#, 9), (#"{a: "b"}"#, 1), (#"{"a":"a"#, 7),
            (#"{ "foo" : "bar", "a" }"#, 21), (#"{"a":"b"}#"#, 9), (" ", 1), (#"["\uD800\"]"#, 2),
            (#"["\uD800\u"]"#, 2),
            (#"["\uD800\u1"]"#, 2), (#"["\uD800\u1x"]"#, 2), ("[é]", 1), (#"["\x00"]"#, 2), (#"["\\\"]"#, 7),
            ("[\"\\\t\"]", 2), (#"["\🌀"]"#, 2), (#"["\"]"#, 5), (#"["\u00A"]"#, 2), (#"["\uD834\uDd"]"#, 2),
            (#"["\uD800\uD800\x"]"#, 2), (#"["\a"]"#, 2), (#"["\uqqqq"]"#, 2), ("[\\u0020\"asd\"]", 1), ("[\\n]", 1),
            (#"""#, 1), ("['single quote']", 1), ("abc", 0), (#"["\"#, 3), ("[\"a\u{0}a\"]", 3), ("[\"new\nline\"]", 5),
            ("[\"\t\"]", 2), (#""\UA66D""#, 1), (#""x"x"#, 3), ("<.>", 0), ("[<null>]", 1), ("[1]x", 3),
            ("[1]]", 3), ("[\"asd]", 6), ("aå", 0), ("[True]", 1), ("1]", 1), (#"{"x": true,"#, 11), ("[][]", 2),
            ("]", 0), (#"{"":"#, 4), ("[", 1), ("{", 1), (#"["a"#, 3), (#"["a""#, 4), ("{]", 1), ("{,", 1), ("{[", 1),
            (#"{"a"#, 3), ("{'a'", 1), (#"["\{["\{["\{"#, 2), ("*", 0), (#"{"a":"b"}#{}"#, 9), ("[\u{2060}]", 1),
            ("\u{FEFF}", 0), ("[\u{C}]", 1), (#"{"a": true} "x""#, 12), ("[1,\u{B}1]", 3), ("\u{FEFF}{}", 0),
            (#"["\uD800"]"#, 2), (#"["\uDC00"]"#, 2), (#"["\uD800abc"]"#, 2), (#"["\uD800\n"]"#, 2),
            ("[\"\u{B}a\"\u{C}]", 2), ("[１]", 1), ("{🇨🇭}", 1), (#"{"\uDFAA":0}"#, 2), ("[\n1\n,", 5),
            (#"{"a":true}x"#, 10),
            (#"["\uDD1E\uD834"]"#, 2), (#"["\uD888\u1234"]"#, 2),
        ] as [(String, Int)]
    )
    func refused(text: String, offset: Int) {
        #expect(
            Self.fault(Array(text.utf8))?.offset == offset,
            "\(Self.fault(Array(text.utf8))?.description ?? "taken")"
        )
    }

    /// Overlong forms, halves of pairs, cut and lone bytes: RFC 3629.
    private static let notUTF8: [[UInt8]] = [
        [0xE5], [0xFF], [0x81], [0xC0, 0xAF], [0xFC, 0x83, 0xBF, 0xBF, 0xBF, 0xBF],
        [0xFC, 0x80, 0x80, 0x80, 0x80, 0xAF],
        [0xE0, 0xFF], [0xED, 0xA0, 0x80], [0xF4, 0xBF, 0xBF, 0xBF], [0xE6, 0x97, 0xA5, 0xD1, 0x88, 0xFA],
        [0xF0, 0x80, 0x80, 0x80],
        [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xC3, 0x28], [0xE2, 0x28, 0xA1],
    ]

    @Test(
        "strings that are not UTF-8 pass as kcat writes them, and are refused where UTF-8 is asked for",
        arguments: notUTF8
    )
    func rawBytes(bytes: [UInt8]) {
        let text = Array("[\"".utf8) + bytes + Array("\"]".utf8)
        #expect(Self.fault(text, isUTF8: false) == nil)
        #expect(Self.fault(text)?.kind == .invalidUTF8)
    }

    @Test("no depth exhausts the stack: 512 steps are taken, and more are refused")
    func depth() {
        let mostDepth = JSONScanner.mostDepth
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            func nested(_ depth: Int) -> [UInt8] {
                Array((String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)).utf8)
            }
            #expect(Self.fault(nested(mostDepth)) == nil)
            #expect(Self.fault(nested(mostDepth + 1))?.kind == .tooDeep)
        }
        #expect(Self.fault([UInt8](repeating: UInt8(ascii: "["), count: 1_000_000))?.kind == .tooDeep)
        let mixed = String(repeating: "[{\"\":", count: 100_000)
        #expect(Self.fault(Array(mixed.utf8))?.kind == .tooDeep)
    }

    @Test(
        "escapes become what they stand for, and everything else passes unchanged",
        arguments: [
            (#""a\"b\\c\/d\b\f\n\r\te""#, "a\"b\\c/d\u{8}\u{C}\n\r\te"), (#""\u0041\u00e9\u20AC""#, "Aé€"),
            (#""\ud83d\ude00 \uD834\uDD1E""#, "😀 𝄞"), (#""\u0000""#, "\0"), (#""""#, ""), (#""\\u0041""#, "\\u0041"),
            ("\"é😀\"", "é😀"), (#""\uFFFF\uFEFF\u2028""#, "\u{FFFF}\u{FEFF}\u{2028}"),
            (#""0123456789abcdef\n0123456789abcdef""#, "0123456789abcdef\n0123456789abcdef"),
        ]
    )
    func strings(text: String, expected: String) throws {
        let bytes = Array(text.utf8)
        var scanner = JSONScanner(0..<bytes.count)
        let string = try scanner.string(in: bytes.span)
        #expect(string.hasEscapes == text.contains("\\"))
        var decoded = Array("<".utf8)
        string.append(from: bytes.span, to: &decoded)
        #expect(decoded == Array(("<" + expected).utf8))
        #expect(scanner.position == bytes.count)
    }

    @Test("each prefix of a value is refused for its end, and no other reason")
    func prefixes() {
        let text = Array(#"{"a":[1.5e+3,true,null,"\ud83d\ude00\n",{}],"b":{"c":-1}}"#.utf8)
        for count in 0..<text.count {
            let fault = Self.fault(Array(text[..<count]))
            // Half of a pair may be all that there will be.
            #expect(fault?.kind == .unexpectedEnd || fault?.kind == .loneSurrogate, "\(count)")
        }
    }

    @Test("members and elements are walked through in their order")
    func members() throws {
        let bytes = Array(#" {"a" : 1 , "b":[ true,"x" ], "":{}} "#.utf8)
        var scanner = JSONScanner(0..<bytes.count)
        var seen: [String] = []
        var name = try scanner.firstMember(in: bytes.span)
        while let present = name {
            let value: String
            if try scanner.kind(in: bytes.span) == .array {
                var kinds: [JSONKind] = []
                var hasElement = try scanner.firstElement(in: bytes.span)
                while hasElement {
                    kinds.append(try scanner.kind(in: bytes.span))
                    _ = try scanner.value(in: bytes.span)
                    hasElement = try scanner.nextElement(in: bytes.span)
                }
                value = "\(kinds)"
            } else {
                value = String(decoding: bytes[try scanner.value(in: bytes.span)], as: UTF8.self)
            }
            seen.append(String(decoding: bytes[present.content], as: UTF8.self) + "=" + value)
            name = try scanner.nextMember(in: bytes.span)
        }
        try scanner.expectEnd(in: bytes.span)
        #expect(seen == ["a=1", "b=[RecordText.JSONKind.bool, RecordText.JSONKind.string]", "={}"])
    }
}
