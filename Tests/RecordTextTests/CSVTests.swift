// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import RecordText
import Testing

@Suite("Rows of CSV")
struct CSVTests {
    private static func rows(of text: String, pieces: Int, separator: UInt8) -> [String] {
        let bytes = Array(text.utf8)
        var (framer, start, searched) = (CSVFramer(separator: separator), 0, 0)
        var rows: [String] = []
        var count = 0
        while true {
            count = min(count + pieces, bytes.count)
            while let end = framer.end(in: bytes.span.extracting(0..<count), start: &start, searched: &searched) {
                rows.append(String(decoding: bytes[start..<end], as: UTF8.self))
                start = searched
            }
            guard count < bytes.count else { break }
        }
        if start < bytes.count { rows.append(String(decoding: bytes[start...], as: UTF8.self)) }
        return rows
    }

    private static func fields(of row: String, separator: UInt8 = 0x2C) throws(CSVFault) -> [String] {
        let bytes = Array(("<<" + row + ">>").utf8)
        var fields: [CSVField] = []
        try CSVRow.read(2..<bytes.count - 2, in: bytes.span, separator: separator, into: &fields)
        return fields.map { field in
            var text: [UInt8] = []
            field.append(from: bytes.span, to: &text)
            return String(decoding: text, as: UTF8.self)
        }
    }

    @Test(
        "a row ends at a line break that is not within quotes, in whatever pieces it arrives",
        arguments: [
            ("a,b\nc,d\n", ["a,b", "c,d"]), ("a\r\nb\r\n", ["a\r", "b\r"]), ("\"a\nb\",c\nd", ["\"a\nb\",c", "d"]),
            ("a,\"\"\"\n\"\"\",c\nd", ["a,\"\"\"\n\"\"\",c", "d"]), ("5\" pipe\nx", ["5\" pipe", "x"]),
            ("\n\n\r\na\n\nb\n", ["a", "b"]), ("a,\"b\n", ["a,\"b\n"]), ("", []),
            ("\"a\"\"\n\"\nb", ["\"a\"\"\n\"", "b"]),
            ("a b\"c\"\n\"\"\nd", ["a b\"c\"", "\"\"", "d"]), (",\n,", [",", ","]),
        ] as [(String, [String])]
    )
    func framing(text: String, expected: [String]) {
        for pieces in 1...max(1, text.utf8.count) {
            #expect(Self.rows(of: text, pieces: pieces, separator: 0x2C) == expected, "in pieces of \(pieces)")
        }
    }

    @Test(
        "fields are parted as RFC 4180 has it",
        arguments: [
            ("a,b,c", ["a", "b", "c"]), ("", [""]), (",", ["", ""]), ("\"a,b\",c", ["a,b", "c"]),
            ("\"a \"\"q\"\" b\"", ["a \"q\" b"]), ("\"\",x", ["", "x"]), ("a\"b,c", ["a\"b", "c"]),
            ("\"a\nb\"", ["a\nb"]),
            (" \"a\" ,b", [" \"a\" ", "b"]), ("a,", ["a", ""]), ("\"\"\"\"", ["\""]),
            ("0123456789,0123456789", ["0123456789", "0123456789"]),
        ] as [(String, [String])]
    )
    func fields(row: String, expected: [String]) throws {
        #expect(try Self.fields(of: row) == expected)
    }

    @Test("fields parted by tabs")
    func tabs() throws {
        #expect(try Self.fields(of: "a,b\t\"c\td\"\t", separator: 0x09) == ["a,b", "c\td", ""])
    }

    @Test(
        "what is no row is refused at its place",
        arguments: [
            ("\"a", CSVFault.Kind.openQuote, 0), ("a,\"b\"\"", .openQuote, 2), ("\"a\" ,b", .textBehindQuote, 3),
            ("x,\"a\"b", .textBehindQuote, 5),
        ]
    )
    func refused(row: String, kind: CSVFault.Kind, offset: Int) {
        let fault = #expect(throws: CSVFault.self) { try Self.fields(of: row) }
        #expect(fault?.kind == kind && fault?.offset == offset + 2)
    }

    @Test("whatever fields there are, the row that is written of them gives them back")
    func roundTrip() throws {
        var random = SplitMix64(seed: 8)
        let alphabet = Array("ab,\"\n\r\té")
        for _ in 0..<500 {
            let fields = (0..<Int.random(in: 2..<5, using: &random)).map { _ in
                String(
                    (0..<Int.random(in: 0..<12, using: &random)).map { _ in
                        alphabet.randomElement(using: &random) ?? "a"
                    }
                )
            }
            let row = fields.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }.joined(separator: ",")
            #expect(try Self.fields(of: row) == fields)
            #expect(Self.rows(of: row + "\n" + row, pieces: 7, separator: 0x2C) == [row, row])
        }
    }
}
