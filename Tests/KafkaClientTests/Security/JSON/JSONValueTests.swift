// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// JSON as issuers write it.
@Suite("JSONValue")
struct JSONValueTests {
    @Test(
        "values are read",
        arguments: [
            ("null", JSONValue.null), (" true ", .bool(true)), ("false", .bool(false)), ("0", .integer(0)),
            ("-12", .integer(-12)), ("1.5", .number(1.5)), ("1e3", .number(1000)), ("-0.5E-1", .number(-0.05)),
            ("9223372036854775807", .integer(.max)), ("9223372036854775808", .number(9_223_372_036_854_775_808)),
            (#""a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é""#, .string("a\"\\/\u{8}\u{C}\n\r\té😀é")), ("[]", .array([])),
            ("[1, [2] ]", .array([.integer(1), .array([.integer(2)])])), ("{}", .object([:])),
            ("\t{\"a\" : 1 ,\r\n\"a\":2,\"b\":{}}", .object(["a": .integer(2), "b": .object([:])])),
        ]
    )
    func reading(text: String, expected: JSONValue) { #expect(JSONValue(text.utf8) == expected) }

    @Test(
        "what is no JSON is nothing",
        arguments: [
            "", " ", "nul", "tru", "truex", "01", "-", "1.", ".5", "1e", "+1", "1e999", "NaN", "\"", "\"\\x\"",
            "\"\\u12\"",
            "\"\\u00g0\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\u{1}\"", "[", "[1", "[1,", "[1,]",
            "[,1]",
            "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}", "{a:1}", "{1:1}", "1 2", "{} x", "'a'", "\u{FEFF}{}",
        ]
    )
    func refused(text: String) { #expect(JSONValue(text.utf8) == nil) }

    @Test("bytes that are no UTF-8 are nothing")
    func encoding() { #expect(JSONValue([0x22, 0xFF, 0x22]) == nil) }

    @Test("values hold values in 64 steps and no more", arguments: [(63, true), (64, false), (100_000, false)])
    func depth(count: Int, isRead: Bool) {
        let text = String(repeating: "[", count: count) + "1" + String(repeating: "]", count: count)
        #expect((JSONValue(text.utf8) != nil) == isRead)
        #expect(JSONValue(String(repeating: "{\"a\":", count: count).utf8) == nil)
    }

    @Test("what is written is read as the same")
    func writing() {
        let value = JSONValue.object([
            "b": .array([.null, .bool(true), .integer(-1), .number(1.5)]), "a": .string("\"\\\n\r\t\u{1}é😀"),
            "c": .object([:]),
        ])
        let text = #"{"a":"\"\\\n\r\t\u0001é😀","b":[null,true,-1,1.5],"c":{}}"#
        #expect(value.text == text)
        #expect(JSONValue(text.utf8) == value)
    }

    @Test("numbers without their fraction")
    func wholeNumbers() {
        #expect(JSONValue.number(1.9).wholeNumber == 1)
        #expect(JSONValue.number(1e300).wholeNumber == nil)
        #expect(JSONValue.string("1").wholeNumber == nil)
    }
}
