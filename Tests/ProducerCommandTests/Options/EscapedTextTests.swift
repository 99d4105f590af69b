// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ProducerCommand

@Suite("Escapes in arguments")
struct EscapedTextTests {
    @Test(
        "an escape stands for one byte",
        arguments: [
            ("", []), ("a,", [0x61, 0x2C]), (#"\n"#, [0x0A]), (#"\t"#, [0x09]), (#"\r\n"#, [0x0D, 0x0A]),
            (#"\0"#, [0x00]),
            (#"\\n"#, [0x5C, 0x6E]), (#"\x1e"#, [0x1E]), (#"\xFFx"#, [0xFF, 0x78]), ("é", [0xC3, 0xA9]),
        ] as [(String, [UInt8])]
    )
    func bytes(text: String, expected: [UInt8]) throws {
        #expect(try EscapedText.bytes(text) == expected)
    }

    @Test("what is no escape is refused", arguments: [#"\"#, #"\q"#, #"\x"#, #"\x1"#, #"\xg1"#, #"\é"#])
    func refused(text: String) {
        #expect(throws: EscapedText.InvalidEscape.self) { try EscapedText.bytes(text) }
    }

    @Test("a lenient reading drops the backslash before other characters")
    func lenient() throws {
        #expect(try EscapedText.bytes(#"\|\t\"#, isLenient: true) == [0x7C, 0x09, 0x5C])
    }
}
