// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ProducerCommand

@Suite("The first bytes of an input")
struct InputGlanceTests {
    @Test(
        "compressed input and other encodings are known, with the command that makes lines of them",
        arguments: [
            ([0x1F, 0x8B, 8, 0], "zcat in"), ([0x28, 0xB5, 0x2F, 0xFD, 4], "zstdcat in"),
            ([0x04, 0x22, 0x4D, 0x18, 0x64], "lz4cat in"), (Array("BZh91AY&SY".utf8), "bzcat in"),
            ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 0], "xzcat in"), ([0x50, 0x4B, 3, 4, 20], "unzip -p in"),
            ([0xFF, 0xFE, 0x61, 0x00], "--encoding utf-16"), ([0xFE, 0xFF, 0, 0x61], "--encoding utf-16"),
            ([0xFF, 0xFE, 0, 0], "iconv -f UTF-32"), ([0xEF, 0xBB, 0xBF, 0x61], "tail -c +4 in"),
            (Array("a\r\nb\r\nc".utf8), "--crlf strip"), (Array("\r\n".utf8), "--crlf strip"),
        ] as [([UInt8], String)]
    )
    func odd(bytes: [UInt8], advice: String) {
        let glance = InputGlance(bytes.span, format: .delimited(DelimitedFormat()))
        #expect(glance?.warning(for: .file("in")).contains(advice) == true)
        #expect(glance?.warning(for: .standardInput).contains("stdin") == true)
    }

    @Test(
        "text is nothing to warn of, nor is a single carriage return",
        arguments: [
            "", "a", "a\nb\r\nc\n", "a\r\nb\nc\r\n", "BZh9 is how it begins\n", "PK\n", "a\rb\r", "\u{1F}\n",
            "\u{28}\n",
        ]
    )
    func text(text: String) {
        let bytes = Array(text.utf8)
        let glance = InputGlance(bytes.span, format: .delimited(DelimitedFormat()))
        #expect(glance == nil)
    }

    @Test("carriage returns that are stripped, or that are no line's end, are nothing to warn of")
    func stripped() {
        let bytes = Array("a\r\nb\r\n".utf8)
        var format = DelimitedFormat()
        format.stripsCarriageReturn = true
        let glances = [
            InputGlance(bytes.span, format: .delimited(format)),
            InputGlance(bytes.span, format: .delimited(DelimitedFormat(delimiter: .comma))),
        ]
        #expect(glances == [nil, nil])
    }
}
