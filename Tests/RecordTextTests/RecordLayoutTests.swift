// SPDX-License-Identifier: Apache-2.0
import RecordText
import Testing

@Suite("Layouts of records")
struct RecordLayoutTests {
    private static func layout(_ text: String) throws -> RecordLayout { try RecordLayout(text) }

    private static func describe(_ reader: RecordLayoutReader, _ bytes: [UInt8]) -> String {
        func text(_ text: RecordLayoutReader.Text?) -> String {
            guard let text else { return "-" }
            return text.range.map { String(decoding: bytes[$0], as: UTF8.self) } ?? "null"
        }
        var words = [text(reader.topic), text(reader.key), text(reader.value)]
        words += reader.headers.map { text($0.name) + "=" + text($0.value) }
        if let partition = reader.partition { words.append("p\(partition)") }
        if let timestamp = reader.timestamp { words.append("d\(timestamp)") }
        return words.joined(separator: "|")
    }

    /// What a layout makes of a record.
    private static func read(_ layout: String, _ bytes: [UInt8], isEnd: Bool = false) throws -> String {
        var reader = RecordLayoutReader(try RecordLayout(layout))
        switch reader.read(bytes.span, from: 0, isEnd: isEnd) {
        case .record(let end): return describe(reader, bytes) + (end == bytes.count ? "" : " to \(end)")
        case .incomplete: return "incomplete"
        case .malformed(let fault, let place): return "\(fault) at \(place)"
        }
    }

    @Test(
        "texts end at what is written behind them, or with the input",
        arguments: [
            ("%k %v\\n", "k v w\n", "-|k|v w"), ("%v\\n", "\n", "-|-|"),
            ("%t\\t%k::%v\\x0a", "a\tb:c::d\n", "a|b:c|d"), ("%p,%d,%o:%v;", "3,5,9:x;", "-|-|x|p3|d5"),
            ("%p,%d:%v;", "-1,-1:x;", "-|-|x"), ("%H;%h{%k=%v,}%v\\n", "2;a=1,b=,x\n", "-|-|x|a=1|b="),
            ("%H{1}%h{%k:%v }%k%%%v%{%}\\n", "h:w k%v{}\n", "-|k|v|h=w"), ("%k\\\\%v\\n", "a\\b\n", "-|a|b"),
            ("%v{json} %k\\n", "{\"a\": \"}\\n \"} k\n", "-|k|{\"a\": \"}\\n \"}"),
            ("%e%x%y %v\\n", "1 v\n", "number at 1"),
        ]
    )
    func delimited(layout: String, record: String, expected: String) throws {
        #expect(try Self.read(layout, Array(record.utf8)) == expected)
        #expect(try Self.read(layout, Array((record + "more").utf8)).hasPrefix(expected))
    }

    @Test(
        "a number that other digits may follow waits for them, and ends with the input",
        arguments: ["%v,%p", "%v,%p{ascii}"]
    )
    func digits(layout: String) throws {
        #expect(try Self.read(layout, Array("x,1".utf8)) == "incomplete")
        #expect(try Self.read(layout, Array("x,1".utf8), isEnd: true) == "-|-|x|p1")
        #expect(try Self.read(layout, Array("x,12y".utf8)) == "-|-|x|p12 to 4")
    }

    @Test(
        "sizes in every form of a number come before their texts, and -1 is null",
        arguments: [
            ("%V{big32}%v", [0, 0, 0, 2, 65, 66], "-|-|AB"), ("%V{big32}%v", [255, 255, 255, 255], "-|-|null"),
            ("%V{big64}%v", [255, 255, 255, 255, 255, 255, 255, 255], "-|-|null"),
            ("%V{big64}%v", [0, 0, 0, 0, 0, 0, 0, 1, 65], "-|-|A"),
            ("%V{little32}%v", [1, 0, 0, 0, 65], "-|-|A"), ("%V{little64}%v", [1, 0, 0, 0, 0, 0, 0, 0, 65], "-|-|A"),
            ("%V{big16}%v", [0, 1, 65], "-|-|A"), ("%V{little16}%v", [1, 0, 65], "-|-|A"),
            ("%V{byte}%v", [1, 65], "-|-|A"),
            ("%V{big8}%v", [0], "-|-|"), ("%V{hex64}%v", Array("0000000000000001A".utf8), "-|-|A"),
            ("%V{hex32}%v", Array("ffffffff".utf8), "-|-|null"),
            ("%V{hex16}%v", Array("0001A".utf8), "-|-|A"), ("%V{hex8}%v", Array("01A".utf8), "-|-|A"),
            ("%V{hex4}%v", Array("1A".utf8), "-|-|A"),
            ("%V{ascii} %v\\n", Array("2 AB\n".utf8), "-|-|AB"), ("%V{number} %v", Array("-1 ".utf8), "-|-|null"),
            ("%V %v", Array("1 A".utf8), "-|-|A"),
            ("%V{3}%v", Array("abc".utf8), "-|-|abc"), ("%V{bool}%v", Array("trueA".utf8), "-|-|A"),
            ("%K{byte}%V{byte}%T{byte}%k%v%t", [1, 2, 1] + Array("kvwt".utf8), "t|k|vw"),
            (
                "%H{byte}%h{%K{byte}%k%V{big32}%v}%V{byte}%v",
                [2, 1, 97, 0, 0, 0, 1, 98, 1, 99, 255, 255, 255, 255, 1, 100], "-|-|d|a=b|c=null"
            ),
        ] as [(String, [UInt8], String)]
    )
    func sized(layout: String, record: [UInt8], expected: String) throws {
        #expect(try Self.read(layout, record) == expected)
        for count in 0..<record.count {
            let part = try Self.read(layout, Array(record[..<count]))
            #expect(part == "incomplete" || part.hasSuffix("at \(count)"), "\(count): \(part)")
        }
    }

    @Test(
        "what is not laid out so is refused at its place",
        arguments: [
            ("%p %v\\n", "x v\n", "number at 0"), ("%V{hex8}%v", "0g", "number at 1"),
            ("%V{bool}%v", "maybe", "number at 0"),
            ("%v{json}\\n", "{x}\n", "json at 1"), ("%V{ascii}:%v", "1;", "literal at 1"),
            ("%V{ascii}:%v", "99999999999:", "tooLarge at 11"),
            ("%H %h{%k,}%v\\n", "9999999 ", "tooLarge at 7"),
        ]
    )
    func malformed(layout: String, record: String, expected: String) throws {
        #expect(try Self.read(layout, Array(record.utf8)) == expected)
    }

    @Test("at the end of the input the last delimiter may be missing")
    func end() throws {
        #expect(try Self.read("%k %v\\n", Array("k v".utf8)) == "incomplete")
        #expect(try Self.read("%k %v\\n", Array("k v".utf8), isEnd: true) == "-|k|v")
        #expect(try Self.read("%v", Array("all\nof it".utf8), isEnd: true) == "-|-|all\nof it")
    }

    @Test(
        "a layout that cannot be read is refused, in words",
        arguments: [
            ("", "neither"), ("%k%v", "nothing ends"), ("%K{byte}%k %v\\n", "use one of the two"),
            ("%q", "unknown verb %q"),
            ("%h{%k,}%v\\n", "%h without %H"), ("%H%h%v", "%h without its pieces"),
            ("%H%h{%v,}%v\\n", "without their names"),
            ("%H%h{%k=%v}%v\\n", "nothing ends"), ("%V{big9}%v", "unknown form {big9}"),
            ("%v{rex}\\n", "unknown form"), ("%V%v%V", "same size"),
            ("%v\\n%v\\n", "same text"), ("%K{byte}", "size without its text"), ("%v\\q", "unknown escape"),
            ("%v\\x0", "two hexadecimal"), ("%v%", "at its end"),
            ("%H%h{%t,}%v\\n", "within %h{}"), ("%H%h{%k,", "without its closing"), ("%v{json", "without its }"),
        ]
    )
    func refused(layout: String, text: String) {
        let fault = #expect(throws: RecordLayoutFault.self) { try RecordLayout(layout) }
        #expect(fault?.description.contains(text) == true, "\(fault?.description ?? "taken")")
    }
}
