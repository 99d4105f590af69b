// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaEmbeddedBroker

/// The broker's side of OAUTHBEARER with unsecured tokens.
@Suite("OAUTHBEARER server")
struct OAuthBearerServerTests {
    private static let now: Int64 = 1_700_000_000_000
    private static let refusal = Array("{\"status\":\"invalid_token\"}".utf8)

    /// A token of these JSON texts, without padding.
    static func token(_ claims: String, header: String = "{\"alg\":\"none\"}") -> String {
        let parts = [header, claims].map { text in
            let base64 = String(decoding: Base64Text.encode(Array(text.utf8)), as: UTF8.self)
            return base64.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        }
        return parts.joined(separator: ".") + "."
    }

    static func message(_ token: String, header: String = "n,,") -> [UInt8] {
        Array("\(header)\u{1}auth=Bearer \(token)\u{1}\u{1}".utf8)
    }

    @Test("a token that holds logs its subject in until it expires")
    func accepted() throws {
        var server = OAuthBearerServer()
        let token = Self.token("{\"sub\":\"alice\",\"iat\":1699999999.5,\"exp\":1700000060.25}")
        let step = try server.received(Self.message(token), at: Self.now)
        #expect(step == .complete([], SASLIdentity(name: "alice", expiry: 1_700_000_060_250)))
    }

    @Test(
        "a token that does not hold is refused in two rounds, with Kafka's JSON",
        arguments: [
            token("{\"sub\":\"alice\",\"exp\":1700000000}"), token("{\"exp\":1700000060}"),
            token("{\"sub\":\"alice\"}"),
            token("{\"sub\":\"\",\"exp\":1700000060}"), token("{\"sub\":\"a\",\"exp\":\"1700000060\"}"),
            token("{\"sub\":\"a\",\"exp\":1700000060,\"iat\":1700000001}"), token("[]"), token("{"),
            token("{\"sub\":\"a\",\"exp\":1e400}"),
            token("{\"sub\":\"a\",\"exp\":1700000060}", header: "{\"alg\":\"RS256\"}"),
            token("{\"sub\":\"a\",\"exp\":1700000060}") + "c2ln", "a.b", "opaque", "...",
        ]
    )
    func refused(token: String) throws {
        var server = OAuthBearerServer()
        #expect(try server.received(Self.message(token), at: Self.now) == .challenge(Self.refusal))
        let failure = #expect(throws: SASLFailure.self) { try server.received([1], at: Self.now) }
        #expect(failure == .told("{\"status\":\"invalid_token\"}"))
    }

    @Test(
        "what is no message of OAUTHBEARER is refused at once",
        arguments: [
            "", "\u{1}", "n,,", "n,,\u{1}\u{1}", "n,,\u{1}auth=Bearer \u{1}\u{1}", "n,,\u{1}auth=Basic x\u{1}\u{1}",
            "y,,\u{1}auth=Bearer x\u{1}\u{1}", "n,,\u{1}auth=Bearer x\u{1}", "n,\u{1}auth=Bearer x\u{1}\u{1}",
            "n,,\u{1}k1=v\u{1}auth=Bearer x\u{1}\u{1}", "n,,\u{1}k=\u{1}auth=Bearer x\u{1}\u{1}",
        ]
    )
    func unreadable(text: String) {
        var server = OAuthBearerServer()
        #expect(throws: SASLFailure.self) { try server.received(Array(text.utf8), at: Self.now) }
    }

    @Test("extensions are taken, and whom the client acts for must be the token's subject")
    func authorization() throws {
        let token = Self.token("{\"sub\":\"alice\",\"exp\":1700000060}")
        let text = "n,a=alice,\u{1}logicalCluster=lkc-1\u{1}auth=Bearer \(token)\u{1}\u{1}"
        var server = OAuthBearerServer()
        guard case .complete = try server.received(Array(text.utf8), at: Self.now) else {
            Issue.record("not complete")
            return
        }
        var other = OAuthBearerServer()
        #expect(throws: SASLFailure.self) {
            try other.received(Self.message(token, header: "n,a=bob,"), at: Self.now)
        }
    }

    @Test(
        "JSON is read by its grammar",
        arguments: [
            ("{}", true), (" {\"a\" : [1, -2.5e3, true, false, null, \"x\\u00e9\\n\"] } ", true), ("{\"a\":{}}", true),
            ("{\"a\":\"\\ud83d\\ude00\"}", true), ("{\"a\":01}", false), ("{\"a\":.5}", false), ("{\"a\":+1}", false),
            ("{\"a\":1,}", false), ("{\"a\"}", false), ("{a:1}", false), ("{\"a\":\"\\ud83d\"}", false),
            ("{\"a\":\"\\x\"}", false), ("{\"a\":nan}", false), ("{\"a\":1} x", false), ("[1]", false), ("", false),
        ]
    )
    func grammar(text: String, isObject: Bool) {
        #expect((JSONObject(Array(text.utf8)) != nil) == isObject)
    }

    @Test("a text that is nested too deeply is refused")
    func depth() {
        let deep = String(repeating: "{\"a\":", count: 10_000)
        #expect(JSONObject(Array(deep.utf8)) == nil)
    }

    @Test("base64 goes there and back, in both alphabets")
    func base64() {
        for count in 0..<10 {
            let bytes = (0..<count).map { UInt8($0 * 37 & 0xFF) | 0xE0 }
            #expect(Base64Text.decode(Base64Text.encode(bytes)) == bytes)
        }
        #expect(Base64Text.decode(Array("-_8".utf8), forURLs: true) == [0xFB, 0xFF])
        for text in ["a", "ab", "ab=", "a===", "=", "ab==cd==", "a b=", "-_8="] {
            #expect(Base64Text.decode(Array(text.utf8)) == nil)
        }
    }
}
