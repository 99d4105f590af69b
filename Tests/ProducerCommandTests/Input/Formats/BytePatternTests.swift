// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import Testing

@testable import ProducerCommand

@Suite("Patterns of bytes")
struct BytePatternTests {
    @Test(
        "the first match at or after the start is found",
        arguments: [
            ("a,b,c", ",", 0, 1), ("a,b,c", ",", 2, 3), ("a,b,c", ",", 4, nil), ("", ",", 0, nil), (",", ",", 1, nil),
            ("a::b", "::", 0, 1), ("a:b::c", "::", 0, 3), (":::", "::", 1, 1), (":", "::", 0, nil),
            ("::", "::", 1, nil),
            ("aaab", "aab", 0, 1), ("ab", "abc", 0, nil),
        ] as [(String, String, Int, Int?)]
    )
    func find(text: String, pattern: String, start: Int, expected: Int?) throws {
        let pattern = try #require(BytePattern(Array(pattern.utf8)))
        let bytes = Array(text.utf8)
        let found = pattern.firstIndex(in: bytes.span, from: start)
        #expect(found == expected)
        let nearby = pattern.firstIndexNearby(in: bytes.span, from: start)
        #expect(nearby == expected)
    }

    @Test("where a match is expected nearby the same one is found", arguments: [UInt8(0), 1, 9, 0x7F, 0x80, 0xFF])
    func nearby(byte: UInt8) {
        var random = SplitMix64(seed: UInt64(byte))
        for size in 0..<100 {
            // Bytes that differ in one bit, or by one, are those that a comparison of eight at a time may take for it.
            let others = (0..<8).map { byte ^ 1 << UInt8($0) } + [byte &+ 1, byte &- 1]
            var bytes = (0..<size).map { _ in others.randomElement(using: &random) ?? 0 }
            for _ in 0..<3 {
                for start in 0...size {
                    let expected = bytes[start...].firstIndex(of: byte)
                    let found = bytes.span.firstIndexNearby(of: byte, from: start)
                    #expect(found == expected)
                }
                if size > 0 { bytes[Int.random(in: 0..<size, using: &random)] = byte }
            }
        }
    }

    @Test("no bytes at all are no pattern")
    func empty() {
        #expect(BytePattern([]) == nil)
    }

    @Test("a key is parted at the first separator, and empty parts are parts")
    func split() throws {
        let splitter = KeySplitter(separator: try #require(BytePattern(Array("=>".utf8))))
        let bytes = Array("xx k=>v=>w".utf8)
        let parts = splitter.split(3..<10, in: bytes.span)
        #expect(parts?.before == 3..<4)
        #expect(parts?.after == 6..<10)
        let empty = splitter.split(4..<6, in: bytes.span)
        #expect(empty?.before == 4..<4)
        #expect(empty?.after == 6..<6)
        let none = splitter.split(0..<5, in: bytes.span)
        #expect(none == nil)
    }
}
