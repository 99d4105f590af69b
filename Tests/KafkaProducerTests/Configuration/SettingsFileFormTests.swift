// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Testing

/// Files that were given for a settings file.
@Suite("The form of settings files")
struct SettingsFileFormTests {
    private static let expected = "a settings file has lines NAME=VALUE, as the Java producer's"
    private static let utf16 = "the file is in UTF-16: save it as UTF-8; \(expected)"
    private static let binary = "the file is no text; \(expected)"

    private static func refusal(_ bytes: [UInt8]) -> String? {
        do throws(ConfigurationError) {
            _ = try PropertySource(name: "f", contents: bytes)
            return nil
        } catch {
            return error.description
        }
    }

    @Test(
        "a file that is no settings file is named as what it is",
        arguments: [
            (Array("\n {\"acks\": 1}".utf8), "f:2: the file is JSON; \(expected)"),
            (Array("[section]\nacks=1".utf8), "f:1: the file is JSON, or has sections; \(expected)"),
            (Array("<?xml version=\"1.0\"?>".utf8), "f:1: the file is XML; \(expected)"),
            ([0xFF, 0xFE] + Array("acks=1".utf8), "f:1: \(utf16)"), ([0xFE, 0xFF], "f:1: \(utf16)"),
            (Array("acks=1".utf8).flatMap { [$0, 0] }, "f:1: \(utf16)"),
            (Array("acks=1".utf8).flatMap { [0, $0] }, "f:1: \(utf16)"),
            ([0x1F, 0x8B, 0x08, 0x20], "f:1: \(binary)"), (Array("a=1\n".utf8) + [0], "f:2: \(binary)"),
            ([0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0, 0, 0], "f:1: \(binary)"),
        ] as [([UInt8], String)]
    )
    func refused(bytes: [UInt8], message: String) {
        #expect(Self.refusal(bytes) == message)
    }

    @Test("a file of data is refused at once, and not looked through for what each line was meant to be")
    func data() {
        let lines = (1...21).map { "\($0) of something\n" }
        let message = "f: none of the 21 lines of the file is a setting of Kafka's producer; \(Self.expected)"
        #expect(Self.refusal(Array(lines.joined().utf8)) == message)
        #expect(Self.refusal(Array((lines + ["acks=1"]).joined().utf8)) == nil)
        #expect(Self.refusal(Array(lines.dropLast().joined().utf8)) == nil)
    }

    @Test("a byte order mark, Latin-1 and an empty file are fine")
    func accepted() throws {
        let marked = try PropertySource(name: "f", contents: [0xEF, 0xBB, 0xBF] + Array("acks=1".utf8))
        #expect(marked.entries.map(\.key) == ["acks"])
        for bytes in [[], Array("# {\n".utf8), Array("a=".utf8) + [0xE4], Array("\ta\u{0C}=\r\n".utf8)] {
            #expect(Self.refusal(bytes) == nil)
        }
    }
}
