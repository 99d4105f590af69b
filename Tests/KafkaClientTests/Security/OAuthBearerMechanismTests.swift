// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// A token of somebody whom the broker trusts.
@Suite("OAuthBearerMechanism")
struct OAuthBearerMechanismTests {
    @Test("the first message has the token, and the extensions in the order of their names")
    func first() throws {
        var plain = OAuthBearerMechanism(token: Secret("abc.def.ghi"))
        #expect(try plain.start() == Secret("n,,\u{1}auth=Bearer abc.def.ghi\u{1}\u{1}"))
        var extended = OAuthBearerMechanism(
            token: Secret("t"),
            extensions: ["logicalCluster": "lkc-1", "identityPoolId": "pool 1"]
        )
        #expect(
            try extended.start()
                == Secret("n,,\u{1}auth=Bearer t\u{1}identityPoolId=pool 1\u{1}logicalCluster=lkc-1\u{1}\u{1}")
        )
        #expect(try extended.respond(to: []) == .done)
        #expect(extended.refusal == nil)
        #expect(throws: SASLError.unexpectedToken(.oauthBearer)) { try extended.respond(to: []) }
    }

    @Test(
        "a token with a character that would end it is refused, and not shown",
        arguments: ["", "a b", "a\n", "a\u{1}auth=Bearer b", "é"]
    )
    func token(token: String) {
        var mechanism = OAuthBearerMechanism(token: Secret(token))
        let error = #expect(throws: SASLError.self) { try mechanism.start() }
        #expect(
            error?.description
                == (token.isEmpty
                    ? "the OAUTHBEARER token is empty"
                    : "the OAUTHBEARER token has a character that none may have: only visible ASCII without blanks")
        )
    }

    @Test(
        "extensions have names of letters, other than auth, and values of ASCII text",
        arguments: [
            ("", "v", "the name of a SASL extension must consist of the letters A to Z and a to z"),
            ("a1", "v", "the name of a SASL extension must consist of the letters A to Z and a to z"),
            ("a=b", "v", "the name of a SASL extension must consist of the letters A to Z and a to z"),
            ("auth", "v", "a SASL extension must not be called auth"),
            ("a", "", "the value of the SASL extension a must be ASCII text, and not empty"),
            ("a", "hunter2\u{1}", "the value of the SASL extension a must be ASCII text, and not empty"),
            ("a", "é", "the value of the SASL extension a must be ASCII text, and not empty"),
        ]
    )
    func extensions(name: String, value: String, expected: String) {
        var mechanism = OAuthBearerMechanism(token: Secret("t"), extensions: [name: value])
        let error = #expect(throws: SASLError.self) { try mechanism.start() }
        #expect(error?.description == expected)
    }

    @Test("ends of lines and tabs may be in a value")
    func lines() throws {
        var mechanism = OAuthBearerMechanism(token: Secret("t"), extensions: ["a": "x\r\n\ty"])
        #expect(try mechanism.start() == Secret("n,,\u{1}auth=Bearer t\u{1}a=x\r\n\ty\u{1}\u{1}"))
    }

    @Test(
        "a broker that refuses the token is asked for its error, and its reason is kept",
        arguments: [
            (#"{"status":"invalid_token"}"#, "the token is not accepted: invalid_token"),
            (
                #"{"status":"insufficient_scope","scope":"kafka:write","openid-configuration":"https://i/.well-known"}"#,
                "the token is not accepted: insufficient_scope; it needs the scope kafka:write; its issuer is described "
                    + "at https://i/.well-known"
            ),
            (#"{"status":"a\u001b[2Jb","x":[1,{"y":null}]}"#, "the token is not accepted: a?[2Jb"),
            (#"{"status":401}"#, "the token is not accepted; no reason was given"),
            ("[]", "the token is not accepted; no reason was given"),
            ("{", "the token is not accepted; no reason was given"),
            ("\u{0}", "the token is not accepted; no reason was given"),
        ]
    )
    func refusal(answer: String, expected: String) throws {
        var mechanism = OAuthBearerMechanism(token: Secret("t"))
        _ = try mechanism.start()
        #expect(try mechanism.respond(to: Array(answer.utf8)) == .token(Secret([1])))
        #expect(mechanism.refusal == .refused(.oauthBearer, expected))
        // A broker that goes on all the same does not get through.
        #expect(throws: SASLError.refused(.oauthBearer, expected)) { try mechanism.respond(to: []) }
        #expect(throws: SASLError.unexpectedToken(.oauthBearer)) { try mechanism.respond(to: []) }
    }

    @Test("nothing shows the token")
    func hidden() {
        let mechanism = OAuthBearerMechanism(token: Secret("hunter2"), extensions: ["a": "hunter2"])
        var dumped = ""
        dump(mechanism, to: &dumped)
        #expect(!dumped.contains("hunter2"))
        #expect("\(mechanism)" == "OAUTHBEARER")
    }
}
