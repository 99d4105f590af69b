// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ProducerCommand

@Suite("Headers, key and value of a record")
struct DelimitedParserTests {
    /// The parts of a record as text, nil for null.
    struct Parts: Equatable {
        var headers: [String] = []
        var key: String?
        var value: String?
    }

    private static func parse(_ text: String, _ format: DelimitedFormat) throws(RecordFault) -> Parts {
        let bytes = Array(("before" + text + "after").utf8)
        let parser = DelimitedParser(format: format)
        let parts = try parser.parse(6..<bytes.count - 5, in: bytes.span)
        var found = Parts(key: parts.key.map { string(bytes, $0) }, value: parts.value.map { string(bytes, $0) })
        if let headers = parts.headers {
            var fields: [HeaderField] = []
            try parser.readHeaders(headers, in: bytes.span, to: &fields)
            found.headers = fields.map { header in
                string(bytes, header.name) + "=" + (header.value.map { string(bytes, $0) } ?? "null")
            }
        }
        return found
    }

    private static func string(_ bytes: [UInt8], _ place: TextPlace) -> String {
        guard case .input(let range) = place else { return "elsewhere" }
        return string(bytes, range)
    }

    private static func string(_ bytes: [UInt8], _ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    @Test("without a separator all is value")
    func valueOnly() throws {
        #expect(try Self.parse("a:b", DelimitedFormat()) == Parts(value: "a:b"))
        #expect(try Self.parse("", DelimitedFormat()) == Parts(value: ""))
    }

    @Test("the key ends at the first separator")
    func key() throws {
        let format = DelimitedFormat(keySeparator: .colon)
        #expect(try Self.parse("k:v:w", format) == Parts(key: "k", value: "v:w"))
        #expect(try Self.parse(":", format) == Parts(key: "", value: ""))
        #expect(throws: RecordFault.missingKey(.colon)) { try Self.parse("kv", format) }
        #expect(throws: RecordFault.missingKey(.colon)) { try Self.parse("", format) }
    }

    @Test("a record without a separator is all value when errors are ignored")
    func ignoredErrors() throws {
        var format = DelimitedFormat(keySeparator: .colon, headers: HeaderLayout(), acceptsMissingSeparators: true)
        #expect(try Self.parse("kv", format) == Parts(value: "kv"))
        format.headers?.delimiter = .colon
        #expect(try Self.parse("h:v", format) == Parts(headers: ["h=null"], value: "v"))
    }

    @Test("the null marker makes a key, a value and a header's value null")
    func nullMarker() throws {
        let format = DelimitedFormat(keySeparator: .tab, headers: HeaderLayout(), nullMarker: Array("NULL".utf8))
        #expect(
            try Self.parse("a:NULL,b:NULLS\tNULL\tNULL", format)
                == Parts(headers: ["a=null", "b=NULLS"], key: nil, value: nil)
        )
        #expect(try Self.parse("NULL\tk\tv", format) == Parts(key: "k", value: "v"))
        #expect(try Self.parse("\t\t", format) == Parts(key: "", value: ""))
        #expect(try Self.parse("", DelimitedFormat(nullMarker: [])) == Parts(value: nil))
    }

    @Test("headers keep their order, and one without a separator is a fault")
    func headers() throws {
        let format = DelimitedFormat(headers: HeaderLayout())
        #expect(try Self.parse("a:1,b:,a:2:3\tv", format) == Parts(headers: ["a=1", "b=", "a=2:3"], value: "v"))
        #expect(throws: RecordFault.missingHeaders(.tab)) { try Self.parse("v", format) }
        #expect(throws: RecordFault.missingHeaderValue(.colon)) { try Self.parse("a\tv", format) }
    }

    @Test("a separator in a message looks as one would type it")
    func patternText() throws {
        #expect(try #require(BytePattern([0x2C, 0x09, 0x5C, 0x00, 0xFF, 0x05])).description == #",\t\\\0\xFF\x05"#)
    }
}
