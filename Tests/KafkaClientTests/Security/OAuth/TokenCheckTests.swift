// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// What a client wants to see in a token. What is refused and in which words is what the Java client 4.3.0 does, but where
/// the text says otherwise.
@Suite("TokenCheck")
struct TokenCheckTests {
    private static let check = TokenCheck(scopeClaimName: "scope", subjectClaimName: "sub")
    private static let noSections =
        "Malformed JWT provided; expected three sections (header, payload, and signature)"

    private static func token(_ payload: String) -> String { "e30.\(Base64URL.encode(Array(payload.utf8))).c2ln" }

    @Test(
        "good ones",
        arguments: [
            (#"{"sub":"a","exp":1}"#, Int64(1000), nil), (#"{"sub":" a ","exp":1.9,"iat":0.5}"#, 1000, 0),
            (#"{"sub":"a","exp":1,"exp":2,"iat":1}"#, 2000, 1000), (#"{"sub":"a","exp":1,"scope":"x y"}"#, 1000, nil),
            (#"{"sub":"a","exp":1,"scope":["x","y",1]}"#, 1000, nil), (#"{"sub":"a","exp":1,"scope":1}"#, 1000, nil),
            (#"{"sub":"a","exp":1,"scope":null,"iat":null}"#, 1000, nil),
        ] as [(String, Int64, Int64?)]
    )
    func good(payload: String, end: Int64, start: Int64?) throws {
        let text = Self.token(payload)
        let token = try Self.check.token(" \(text)\n")
        #expect(token.value == Secret(text))
        #expect(token.principal.contains("a"))
        #expect(token.end == end)
        #expect(token.start == start)
    }

    @Test("a token that says that nobody signed it has no signature")
    func unsigned() throws {
        let payload = Base64URL.encode(Array(#"{"sub":"a","exp":1}"#.utf8))
        let header = Base64URL.encode(Array(#"{"alg":"none"}"#.utf8))
        #expect(try Self.check.token("\(header).\(payload).").value == Secret("\(header).\(payload)."))
        let other = Base64URL.encode(Array(#"{"alg":"RS256"}"#.utf8))
        #expect(throws: TokenFault(Self.noSections)) { try Self.check.token("\(other).\(payload).") }
    }

    @Test(
        "tokens that are none",
        arguments: [
            ("", noSections), ("opaque", noSections), ("a.b", noSections), ("a.b.c.d", noSections), ("..c", noSections),
            ("a.b.", noSections),
            ("e30.!!.x", "Could not validate the access token: malformed Base64 URL encoded value"),
            ("e30.a+b/.x", "Could not validate the access token: malformed Base64 URL encoded value"),
        ]
    )
    func malformed(text: String, expected: String) {
        #expect(throws: TokenFault(expected)) { try Self.check.token(text) }
    }

    @Test(
        "claims that are missing or wrong",
        arguments: [
            ("{}", "exp value must be non-null"), ("[]", "exp value must be non-null"),
            ("x", "Could not validate the access token: malformed JSON"), (#"{"exp":1}"#, "sub value must be non-null"),
            (#"{"sub":"a"}"#, "exp value must be non-null"),
            (#"{"sub":"a","exp":-1}"#, "exp value must be non-negative"),
            (#"{"sub":"a","exp":1,"iat":-1}"#, "iat value must be non-negative"),
            (#"{"sub":"","exp":1}"#, "sub value must be non-empty"),
            (#"{"sub":" ","exp":1}"#, "sub value must not contain only whitespace"),
            (#"{"sub":"a","exp":1,"scope":""}"#, "scope value must be non-empty"),
            (#"{"sub":"a","exp":1,"scope":["x","x"]}"#, "scope value must not contain duplicates"),
            (#"{"sub":"a","exp":1,"scope":["x"," "]}"#, "scope value must not contain only whitespace"),
            // Java ends with a ClassCastException.
            (#"{"sub":"a","exp":"1"}"#, "exp value must be a number of seconds"),
            (#"{"sub":1,"exp":1}"#, "sub value must be a string"),
            // Java goes on with a token of nobody, with a negative number, and with what stands behind the object.
            (#"{"sub":null,"exp":1}"#, "sub value must be a string"),
            (#"{"sub":"a","exp":9e18}"#, "exp value must be a number of seconds"),
            (#"{"sub":"a","exp":1} x"#, "Could not validate the access token: malformed JSON"),
        ]
    )
    func claims(payload: String, expected: String) {
        #expect(throws: TokenFault(expected)) { try Self.check.token(Self.token(payload)) }
    }

    @Test("the claims may have other names")
    func names() throws {
        let check = TokenCheck(scopeClaimName: "scp", subjectClaimName: "appid")
        #expect(try check.token(Self.token(#"{"appid":"a","exp":1,"scope":"","scp":["x"]}"#)).principal == "a")
        #expect(throws: TokenFault("scp value must be non-empty")) {
            try check.token(Self.token(#"{"appid":"a","exp":1,"scp":[""]}"#))
        }
    }
}
