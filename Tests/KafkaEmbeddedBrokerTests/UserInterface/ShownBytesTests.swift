// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Testing

@testable import KafkaEmbeddedBroker

@Suite("Bytes for a person's eyes")
struct ShownBytesTests {
    @Test("text is shown as it is", arguments: ["", "plain", "<b>&\"'</b>", "tab\tand\nline", "größe 東京 🙂"])
    func text(text: String) {
        let shown = ShownBytes(ByteBuffer(string: text))
        #expect(shown.text == text)
        #expect(shown.hex == nil)
        #expect(shown.bytes == text.utf8.count)
    }

    @Test(
        "bytes that are no text, or that change how text shows, are hexadecimal",
        arguments: [
            ([0xFF, 0x00], "ff00"), ([0x41, 0x07], "4107"), ([0xC3], "c3"), (Array("\u{202E}x".utf8), "e280ae78"),
            (Array("\u{1B}[2J".utf8), "1b5b324a"),
        ] as [([UInt8], String)]
    )
    func binary(bytes: [UInt8], hex: String) {
        let shown = ShownBytes(ByteBuffer(bytes: bytes))
        #expect(shown.hex == hex)
        #expect(shown.text == nil)
    }

    @Test("of long bytes the beginning is shown, and how many there are", arguments: 0...3)
    func long(shift: Int) {
        let text = String(repeating: "a", count: shift) + String(repeating: "🙂", count: 1000)
        let shown = ShownBytes(ByteBuffer(string: text))
        #expect(shown.bytes == text.utf8.count)
        #expect(text.hasPrefix(shown.text ?? "none"))
        #expect((ShownBytes.most - 3...ShownBytes.most).contains(shown.text?.utf8.count ?? 0))
        let binary = ShownBytes(ByteBuffer(repeating: 0xFE, count: 1000))
        #expect(binary.hex == String(repeating: "fe", count: ShownBytes.most))
        #expect(binary.bytes == 1000)
    }
}
