// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import KafkaClient

/// What issuers are asked, byte for byte.
@Suite("TokenGrant")
struct TokenGrantTests {
    private static let clock = ManualLoginClock(1_700_000_000_000).clock

    private func request(_ grant: TokenGrant, scope: String? = nil) throws -> (headers: [String], body: String) {
        let (request, _) = try grant.request(to: HTTPURL("https://id.example/token"), scope: scope)
        #expect(request.method == .post)
        return (request.headers.map { "\($0.name): \($0.value.text)" }, request.body.text)
    }

    @Test(
        "by id and secret",
        arguments: [
            ("id", "secret", false, nil, "aWQ6c2VjcmV0", "grant_type=client_credentials"),
            (
                "id", "secret", true, "a b", "aWQ6c2VjcmV0", "grant_type=client_credentials&scope=a+b"
            ),
            // As they are, and encoded: i:d, é&%.
            ("i:d", "é&%", false, "a/b", "aTpkOsOpJiU=", "grant_type=client_credentials&scope=a%2Fb"),
            ("i:d", "é&%", true, nil, "aSUzQWQ6JUMzJUE5JTI2JTI1", "grant_type=client_credentials"),
        ] as [(String, String, Bool, String?, String, String)]
    )
    func secret(
        id: String,
        secret: String,
        encodes: Bool,
        scope: String?,
        credentials: String,
        body: String
    ) throws {
        let grant = TokenGrant.secret(id: id, secret: Secret(secret), encodesHeader: encodes)
        let request = try request(grant, scope: scope)
        #expect(
            request.headers == [
                "Accept: application/json", "Authorization: Basic \(credentials)", "Cache-Control: no-cache",
                "Content-Type: application/x-www-form-urlencoded",
            ]
        )
        #expect(request.body == body)
    }

    @Test("by an assertion, in place of the secret and as a grant")
    func assertions() async throws {
        try await TokenFiles.withFolder { folder in
            let file = folder.appendingPathComponent("assertion")
            try Data("e30.e30.a-b_".utf8).write(to: file)
            var settings = OAuthAssertionSettings()
            settings.file = file.path
            let assertion = try OAuthAssertion(settings, clock: Self.clock)
            let headers = [
                "Accept: application/json", "Cache-Control: no-cache",
                "Content-Type: application/x-www-form-urlencoded",
            ]
            let client = try request(.assertion(assertion, id: "my id"), scope: "s")
            #expect(client.headers == headers)
            #expect(
                client.body
                    == "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
                    + "&client_assertion=e30.e30.a-b_&grant_type=client_credentials&client_id=my+id&scope=s"
            )
            let grant = try request(.jwtBearer(assertion))
            #expect(grant.headers == headers)
            #expect(
                grant.body
                    == "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=e30.e30.a-b_"
            )
        }
    }

    @Test("forms encode all but letters, digits and four signs")
    func encoding() {
        #expect(TokenGrant.encode("aZ09*-._ ~+/=é\n") == "aZ09*-._+%7E%2B%2F%3D%C3%A9%0A")
    }
}
