// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import Foundation
import Testing

@testable import ProducerCommand

@Suite("Text as bytes")
struct ByteTextTests {
    @Test("decimal numbers", arguments: [Int64.min, -10, -1, 0, 7, 10, 1_234_567_890_123, .max])
    func decimal(value: Int64) {
        var bytes: [UInt8] = []
        bytes.append(decimal: value)
        #expect(String(decoding: bytes, as: UTF8.self) == "\(value)")
    }

    @Test("the largest unsigned number has twenty digits")
    func largest() {
        var bytes: [UInt8] = []
        bytes.append(decimal: UInt64.max)
        #expect(String(decoding: bytes, as: UTF8.self) == "18446744073709551615")
    }

    @Test("a JSON string says the same to another parser, whatever it holds")
    func jsonString() throws {
        let all = (0..<0x80).map { String(UnicodeScalar(UInt8($0))) }.joined() + "é€😀\u{2028}\u{FEFF}e\u{301}"
        for text in ["", "a", "\"\\/", all] {
            var bytes: [UInt8] = Array("[".utf8)
            bytes.append(jsonString: text.utf8)
            bytes.append(UInt8(ascii: "]"))
            let parsed = try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String])
            #expect(parsed.first.map { Array($0.utf8) } == Array(text.utf8))
            #expect(!bytes.contains { $0 < 0x20 })
        }
    }

    @Test("base64 agrees with Foundation's")
    func base64() {
        var random = SplitMix64(seed: 64)
        for count in 0..<70 {
            let content = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            var bytes: [UInt8] = []
            bytes.append(base64: content)
            #expect(String(decoding: bytes, as: UTF8.self) == Data(content).base64EncodedString())
        }
    }

    @Test(
        "times are ISO 8601 in UTC with milliseconds",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_709_251_199_007, "2024-02-29T23:59:59.007Z"),
            (4_102_444_800_000, "2100-01-01T00:00:00.000Z"), (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
        ] as [(Int64, String)]
    )
    func times(milliseconds: Int64, expected: String) {
        #expect(TimeText.iso8601(milliseconds: milliseconds) == expected)
    }
}
