// SPDX-License-Identifier: Apache-2.0
import RecordText
import Testing

@Suite("UTF-16")
struct UTF16ConverterTests {
    /// The text of UTF-16 that comes in pieces of so many bytes.
    private static func text(
        _ bytes: [UInt8],
        _ order: UTF16Converter.ByteOrder? = nil,
        pieces: Int = .max
    ) -> [UInt8] {
        var (converter, text, start) = (UTF16Converter(order), [UInt8](), 0)
        while start < bytes.count {
            let end = pieces == .max ? bytes.count : min(bytes.count, start + pieces)
            let piece = Array(bytes[start..<end])
            converter.convert(piece.span, to: &text)
            start = end
        }
        converter.finish(to: &text)
        return text
    }

    private static func bytes(_ text: String, _ order: UTF16Converter.ByteOrder) -> [UInt8] {
        text.utf16.flatMap { unit in
            let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
            return order == .big ? [high, low] : [low, high]
        }
    }

    private static let sample = "a\u{7F}\u{80}\u{7FF}\u{800}\u{D7FF}\u{E000}\u{FFFD}\u{10000}\u{10FFFF}😀\n\r"

    @Test("all characters become UTF-8, in pieces of any size", arguments: [1, 2, 3, 5, .max])
    func characters(pieces: Int) {
        let (little, big) = (Self.bytes(Self.sample, .little), Self.bytes(Self.sample, .big))
        let expected = Array(Self.sample.utf8)
        #expect(Self.text(little, .little, pieces: pieces) == expected)
        #expect(Self.text(big, .big, pieces: pieces) == expected)
        #expect(Self.text(little, pieces: pieces) == expected)
        #expect(Self.text([0xFF, 0xFE] + little, pieces: pieces) == expected)
        #expect(Self.text([0xFE, 0xFF] + big, pieces: pieces) == expected)
        #expect(Self.text([0xFE, 0xFF] + big, .big, pieces: pieces) == expected)
        let half = LoneSurrogate.firstIndex(in: expected.span, 0..<expected.count)
        #expect(half == nil)
    }

    @Test(
        "half a character is found at its place",
        arguments: [
            ([0xD8, 0x00, 0, 0x61], 0), ([0, 0x61, 0xDC, 0x00], 1), ([0xD8, 0x00, 0xD8, 0x00, 0xDC, 0x00], 0),
            ([0, 0x61, 0xD8, 0x00], 1), ([0, 0x61, 0], 1), ([0xDC, 0x00, 0xD8, 0x00], 0),
        ] as [([UInt8], Int)]
    )
    func halves(bytes: [UInt8], place: Int) {
        for pieces in [1, 2, .max] {
            let text = Self.text(bytes, .big, pieces: pieces)
            let half = LoneSurrogate.firstIndex(in: text.span, 0..<text.count)
            #expect(half == place)
            #expect(String(validating: text, as: UTF8.self) == nil)
        }
    }

    @Test("nothing, and a mark alone, are no text")
    func nothing() {
        #expect(Self.text([]) == [] && Self.text([0xFF, 0xFE]) == [] && Self.text([0xFE, 0xFF]) == [])
    }
}
