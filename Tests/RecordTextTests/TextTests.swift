// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import RecordText
import Testing

@Suite("Numbers, times, base64 and digits as text")
struct TextTests {
    @Test(
        "times are milliseconds, or RFC 3339 with a zone",
        arguments: [
            ("0", 0), ("1795249145728", 1_795_249_145_728), ("-1", nil), ("", nil), ("1970-01-01T00:00:00Z", 0),
            ("2024-02-29T23:59:59.007Z", 1_709_251_199_007), ("2024-02-29t23:59:59.0079999z", 1_709_251_199_007),
            ("2024-03-01 00:59:59.007+01:00", 1_709_251_199_007), ("2024-02-29T18:29:59.007-0530", 1_709_251_199_007),
            ("2000-02-29T00:00:00Z", 951_782_400_000), ("2100-02-29T00:00:00Z", nil), ("2023-02-29T00:00:00Z", nil),
            ("2016-12-31T23:59:60Z", 1_483_228_800_000), ("2024-13-01T00:00:00Z", nil), ("2024-00-01T00:00:00Z", nil),
            ("2024-01-00T00:00:00Z", nil), ("2024-04-31T00:00:00Z", nil), ("2024-01-01T24:00:00Z", nil),
            ("2024-01-01T00:00:00", nil), ("2024-01-01T00:00:00.Z", nil), ("2024-01-01T00:00:00+1:00", nil),
            ("2024-01-01", nil), ("1969-12-31T23:59:59Z", nil), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
            ("9223372036854775807", Int64.max), ("9223372036854775808", nil), ("2024-01-01T00:00:00+24:00", nil),
        ] as [(String, Int64?)]
    )
    func times(text: String, expected: Int64?) {
        let bytes = Array(text.utf8)
        #expect(TimeParser.milliseconds(bytes.span, 0..<bytes.count) == expected)
    }

    @Test(
        "whole numbers in decimal digits",
        arguments: [
            ("0", 0), ("-0", 0), ("007", 7), ("-9223372036854775808", .min), ("9223372036854775807", .max),
            ("9223372036854775808", nil), ("-9223372036854775809", nil), ("", nil), ("-", nil), ("1.0", nil),
            ("+1", nil),
            ("1e3", nil), (" 1", nil),
        ] as [(String, Int64?)]
    )
    func numbers(text: String, expected: Int64?) {
        let bytes = Array(text.utf8)
        #expect(DecimalNumber.parse(bytes.span, 0..<bytes.count) == expected)
    }

    @Test(
        "base64 by the vectors of RFC 4648, with and without padding, in both alphabets",
        arguments: [
            ("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"), ("Zm9vYmE=", "fooba"),
            ("Zm9vYmFy", "foobar"), ("Zg", "f"), ("Zm8", "fo"), ("Pz8/Pj4+", "???>>>"), ("Pz8_Pj4-", "???>>>"),
            ("Z", nil), ("Zh==", nil), ("Zm9=", nil), ("Z===", nil), ("====", nil), ("Zm9v=", nil), ("Zm 9", nil),
            ("Zg=a", nil), ("Zm9v\n", nil),
        ] as [(String, String?)]
    )
    func base64(text: String, expected: String?) {
        var bytes: [UInt8] = [0x21]
        let isRead = ContentEncoding.base64.append(from: Array(text.utf8).span, to: &bytes)
        #expect(isRead == (expected != nil))
        if let expected { #expect(bytes == Array(("!" + expected).utf8)) }
    }

    @Test(
        "hexadecimal digits are pairs",
        arguments: [("", []), ("00fFaB", [0, 0xFF, 0xAB]), ("0", nil), ("0g", nil), ("0x00", nil)]
            as [(String, [UInt8]?)]
    )
    func hexadecimal(text: String, expected: [UInt8]?) {
        var bytes: [UInt8] = []
        #expect(ContentEncoding.hex.append(from: Array(text.utf8).span, to: &bytes) == (expected != nil))
        if let expected { #expect(bytes == expected) }
    }

    @Test("what the standard library takes for UTF-8 is UTF-8, and nothing else")
    func utf8() {
        var random = SplitMix64(seed: 3)
        let pieces: [[UInt8]] = [
            [0x41], [0xC3, 0xA9], [0xE2, 0x82, 0xAC], [0xF0, 0x9F, 0x98, 0x80], [0x80], [0xC0], [0xE0, 0x80],
            [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xEF, 0xBF, 0xBF], [0xF0, 0x8F, 0xBF, 0xBF],
            Array("12345678".utf8),
        ]
        for _ in 0..<3000 {
            let bytes = (0..<Int.random(in: 0..<6, using: &random)).flatMap { _ in
                pieces.randomElement(using: &random) ?? []
            }
            #expect(UTF8Text.isValid(bytes.span) == (String(validating: bytes, as: UTF8.self) != nil), "\(bytes)")
        }
    }
}
