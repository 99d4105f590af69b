// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import KafkaClient

/// What the settings of OAUTHBEARER come to, before anything is asked.
@Suite("TokenLogin of OAuthSettings", .timeLimit(.minutes(10)))
struct OAuthLoginTests {
    private func settings(_ url: String?, _ retriever: OAuthRetriever = .default) -> OAuthSettings {
        var settings = OAuthSettings()
        settings.tokenEndpoint = url
        settings.retriever = retriever
        settings.clientID = "id"
        settings.clientSecret = Secret("hunter2")
        return settings
    }

    @Test(
        "the URL and the retriever must go together",
        arguments: [
            (nil, .default, "is not set: it says where tokens are from"),
            (" ", .default, "is not set: it says where tokens are from"),
            ("nonsense", .default, "cannot be used: it has no protocol such as https:"),
            ("ftp://127.0.0.1/hunter2", .default, "cannot be used: only \"http\" and \"https\" can be asked"),
            ("https://id/x", .file, "cannot be used: FileJwtRetriever wants a URL such as file:///run/secrets/token"),
            ("file:/x", .clientCredentials, "cannot be used: ClientCredentialsJwtRetriever wants a URL of https"),
            ("file:/x", .jwtBearer, "cannot be used: JwtBearerJwtRetriever wants a URL of https"),
            ("file:x", .default, "cannot be used: a file needs a whole path, such as file:///run/secrets/token"),
            ("file://x", .default, "cannot be used: a file needs a whole path, such as file:///run/secrets/token"),
            ("file:///no/such/file", .default, ": token file /no/such/file: No such file or directory"),
        ] as [(String?, OAuthRetriever, String)]
    )
    func places(url: String?, retriever: OAuthRetriever, expected: String) {
        let refusal = #expect(throws: SecurityRefusal.self) { try TokenLogin(settings(url, retriever)) }
        let key = "sasl.oauthbearer.token.endpoint.url"
        #expect(refusal?.key == key)
        #expect(refusal?.reason == key + (expected.hasPrefix(":") ? "" : " ") + expected)
    }

    @Test("id and secret are needed where no assertion takes their place")
    func credentials() {
        var settings = settings("https://id/token")
        settings.clientSecret = Secret(" ")
        let secret = #expect(throws: SecurityRefusal.self) { try TokenLogin(settings) }
        #expect(secret?.key == "sasl.oauthbearer.client.credentials.client.secret")
        settings.clientID = ""
        let id = #expect(throws: SecurityRefusal.self) { try TokenLogin(settings) }
        #expect(id?.key == "sasl.oauthbearer.client.credentials.client.id")
        settings.assertion.issuer = "me"
        let key = #expect(throws: SecurityRefusal.self) { try TokenLogin(settings) }
        #expect(key?.key == "sasl.oauthbearer.assertion.private.key.file")
    }

    @Test("an endpoint without TLS is told, without its query")
    func plain() throws {
        let login = try TokenLogin(settings("http://id.example/token?hunter2"))
        #expect(
            login.notes == [
                "the token endpoint http://id.example/token has no TLS: the secret and the token can be read on their way"
            ]
        )
    }

    @Test("stores for the endpoint's TLS are read at the start")
    func stores() {
        var settings = settings("https://id.example/token")
        settings.endpointTLS.trust.location = "/no/such/store"
        let refusal = #expect(throws: SecurityRefusal.self) { try TokenLogin(settings) }
        #expect(refusal?.key == "sasl.jaas.config")
        #expect(refusal?.reason.hasPrefix("sasl.jaas.config: for the token endpoint: ") == true)
        #expect(refusal?.reason.contains("/no/such/store") == true)
    }

    @Test("waits that cannot be are refused")
    func waits() {
        var settings = settings("https://id.example/token")
        settings.retryBackoff = .seconds(11)
        let refusal = #expect(throws: SecurityRefusal.self) { try TokenLogin(settings) }
        #expect(
            refusal?.reason == "sasl.login.retry.backoff.max.ms=10000 is less than sasl.login.retry.backoff.ms=11000"
        )
    }

    @Test("a token file is read again when it was written anew", arguments: ["file:", "file://", "FILE://localhost"])
    func file(prefix: String) async throws {
        try await TokenFiles.withFolder { folder in
            func write(_ subject: String) throws {
                let payload = Base64URL.encode(Array(#"{"sub":"\#(subject)","exp":4102444800}"#.utf8))
                try Data("e30.\(payload).c2ln\n".utf8).write(to: folder.appendingPathComponent("token"))
            }
            try write("alice")
            let login = try TokenLogin(settings("\(prefix)\(folder.path)/token"))
            try await login.prepare()
            #expect(login.user == "alice")
            try write("charlie")
            #expect(try await login.source.token().principal == "charlie")
            #expect(try await login.source.token().principal == "charlie")
            try Data("opaque".utf8).write(to: folder.appendingPathComponent("token"))
            let error = await #expect(throws: LoginError.self) { try await login.source.token() }
            #expect(
                error?.reason == "token file \(folder.path)/token: Malformed JWT provided; expected three sections "
                    + "(header, payload, and signature)"
            )
            login.close()
        }
    }
}
