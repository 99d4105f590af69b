// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// The options of a token that nobody signs. What is taken and what is refused is what the Java client 4.3.0 does, but
/// where the text says otherwise.
@Suite("UnsecuredTokenSettings")
struct UnsecuredTokenSettingsTests {
    private static let prefix = "unsecuredLogin"

    private func settings(_ options: [String: String]) throws -> UnsecuredTokenSettings {
        try UnsecuredTokenSettings(
            jaasOptions: Dictionary(uniqueKeysWithValues: options.map { (Self.prefix + $0.key, Secret($0.value)) })
        )
    }

    @Test("claims are strings, numbers and lists")
    func claims() throws {
        let settings = try settings([
            "StringClaim_sub": " a ", "NumberClaim_n": " 2 ", "NumberClaim_big": "1.5e300", "ListClaim_scope": ",x,,y,",
            "ListClaim_dots": "|a|b", "ListClaim_none": ",", "ListClaim_empty": "", "ListClaim_first": ",,a",
        ])
        #expect(
            settings.claims == [
                "sub": .string(" a "), "n": .number(2), "big": .number(1.5e300), "scope": .list(["x", "", "y", ""]),
                "dots": .list(["a", "b"]), "none": .list([]), "empty": .list([]), "first": .list(["", "a"]),
            ]
        )
        #expect(settings.principalClaimName == "sub")
        #expect(settings.scopeClaimName == "scope")
        #expect(settings.lifetime == .seconds(3600))
        #expect(settings.notes.isEmpty)
    }

    @Test("the names of claims, the lifetime and the extensions are options")
    func others() throws {
        let settings = try settings([
            "StringClaim_name": "bob", "PrincipalClaimName": " name ", "ScopeClaimName": "s", "StringClaim_s": "x y",
            "LifetimeSeconds": "+60", "Extension_traceId": "1 2",
        ])
        #expect(settings.principalClaimName == "name")
        #expect(settings.scopeClaimName == "s")
        #expect(settings.lifetime == .seconds(60))
        #expect(settings.extensions == ["traceId": "1 2"])
    }

    @Test(
        "what makes no token is refused, and no value is shown",
        arguments: [
            ([:], "OAuthBearerLoginModule has no option to get a token by"),
            (["Extension_x": "hunter2"], "Extensions provided in login context without a token"),
            (["StringClaim_name": "hunter2"], "No principal name in JWT claim: sub"),
            (["StringClaim_sub": " "], "No principal name in JWT claim: sub"),
            (["NumberClaim_sub": "1"], "the claim that says whose the token is, sub, must be a string"),
            (["ListClaim_sub": ",a"], "the claim that says whose the token is, sub, must be a string"),
            (
                ["StringClaim_sub": "a", "NumberClaim_scope": "1"],
                "the claim with the scope, scope, must be a string or a list"
            ),
            (["StringClaim_sub": "a", "StringClaim_exp": "1"], "Cannot explicitly set the 'exp' claim"),
            (["StringClaim_sub": "a", "NumberClaim_iat": "1"], "Cannot explicitly set the 'iat' claim"),
            (
                ["StringClaim_sub": "a", "NumberClaim_n": "hunter2"],
                "an option unsecuredLoginNumberClaim_… must be a number"
            ),
            (
                ["StringClaim_sub": "a", "NumberClaim_n": "NaN"],
                "an option unsecuredLoginNumberClaim_… must be a number"
            ),
            (
                ["StringClaim_sub": "a", "LifetimeSeconds": "hunter2"],
                "unsecuredLoginLifetimeSeconds must be a number of seconds from 1 on"
            ),
            // Java makes a token that is over.
            (
                ["StringClaim_sub": "a", "LifetimeSeconds": "0"],
                "unsecuredLoginLifetimeSeconds must be a number of seconds from 1 on"
            ),
            (
                ["StringClaim_sub": "a", "Extension_1": "x"],
                "the name of a SASL extension must consist of the letters A to Z and a to z"
            ),
        ] as [([String: String], String)]
    )
    func refusals(options: [String: String], expected: String) {
        let refusal = #expect(throws: SecurityRefusal.self) { try settings(options) }
        #expect(refusal?.reason.hasPrefix("sasl.jaas.config: \(expected)") == true)
        #expect(refusal?.reason.contains("hunter2") == false)
    }

    @Test("options without effect are told")
    func unused() throws {
        let settings = try UnsecuredTokenSettings(
            jaasOptions: [
                "unsecuredLoginStringClaim_sub": Secret("a"), "unsecuredLoginStringClaim_": Secret("x"),
                "clientId": Secret("x"),
            ]
        )
        #expect(settings.claims == ["sub": .string("a")])
        #expect(
            settings.notes == [
                "sasl.jaas.config: without effect for OAUTHBEARER: clientId, 1 option with an unknown name"
            ]
        )
    }
}
