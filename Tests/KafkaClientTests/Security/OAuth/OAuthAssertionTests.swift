// SPDX-License-Identifier: Apache-2.0
import Crypto
import CryptoExtras
import Foundation
import Testing

@testable import KafkaClient

/// Assertions that are made and signed here, and those from a file. The keys, and the signature of `rs256.jwt`, are made by
/// OpenSSL.
@Suite("OAuthAssertion")
struct OAuthAssertionTests {
    private static let clock = ManualLoginClock(1_700_000_000_999).clock

    private func settings(_ key: String) -> OAuthAssertionSettings {
        var settings = OAuthAssertionSettings()
        settings.audience = "https://id.example"
        settings.issuer = "me"
        settings.subject = "alice"
        settings.privateKeyFile = TokenFiles.path(key)
        return settings
    }

    private func parts(_ settings: OAuthAssertionSettings) throws -> (signed: String, json: [String], signature: Data) {
        let text = try OAuthAssertion(settings, clock: Self.clock).text().text
        let parts = text.split(separator: ".").map(String.init)
        #expect(parts.count == 3)
        let json = try parts.prefix(2).map { String(decoding: try #require(Base64URL.decode($0.utf8)), as: UTF8.self) }
        return (parts.prefix(2).joined(separator: "."), json, Data(try #require(Base64URL.decode(parts[2].utf8))))
    }

    @Test(
        "an RSA key in any form gives what OpenSSL gives",
        arguments: [("rsa.pem", nil), ("rsa-pkcs1.pem", nil), ("rsa-encrypted.pem", "key-pass")] as [(String, String?)]
    )
    func rsa(key: String, passphrase: String?) throws {
        var settings = settings(key)
        settings.privateKeyPassphrase = passphrase.map { Secret($0) }
        let assertion = try OAuthAssertion(settings, clock: Self.clock).text().text
        #expect(assertion == (try String(contentsOfFile: TokenFiles.path("rs256.jwt"), encoding: .utf8)))
    }

    @Test(
        "the signature of a key of P-256 is its two numbers, and the public key fits",
        arguments: [("p256.pem", nil), ("p256-sec1.pem", nil), ("p256-encrypted.pem", "key-pass")]
            as [(String, String?)]
    )
    func ellipticCurve(key: String, passphrase: String?) throws {
        var settings = settings(key)
        settings.algorithm = .es256
        settings.privateKeyPassphrase = passphrase.map { Secret($0) }
        let (signed, json, signature) = try parts(settings)
        #expect(json[0] == #"{"alg":"ES256","typ":"JWT"}"#)
        #expect(signature.count == 64)
        let pem = try String(contentsOfFile: TokenFiles.path("p256-public.pem"), encoding: .utf8)
        let publicKey = try P256.Signing.PublicKey(pemRepresentation: pem)
        let check = try P256.Signing.ECDSASignature(rawRepresentation: signature)
        #expect(publicKey.isValidSignature(check, for: SHA256.hash(data: Data(signed.utf8))))
    }

    @Test("settings, template and times are laid over each other, and later ones win")
    func layers() async throws {
        try await TokenFiles.withFolder { folder in
            let template = folder.appendingPathComponent("template.json")
            try Data(
                #"{"header":{"kid":"k","alg":"none"},"payload":{"sub":"bob","exp":1,"roles":["a"],"n":1.5}}"#.utf8
            ).write(to: template)
            var settings = settings("rsa.pem")
            settings.templateFile = template.path
            settings.lifetime = .seconds(10)
            settings.notBefore = .seconds(0)
            let (_, json, _) = try parts(settings)
            #expect(json[0] == #"{"alg":"RS256","kid":"k","typ":"JWT"}"#)
            #expect(
                json[1]
                    == #"{"aud":"https://id.example","exp":1700000010,"iat":1700000000,"iss":"me","n":1.5,"#
                    + #""nbf":1700000000,"roles":["a"],"sub":"bob"}"#
            )
        }
    }

    @Test("each assertion has a name of its own if it is wanted")
    func names() throws {
        var settings = settings("rsa.pem")
        settings.includesID = true
        let assertion = try OAuthAssertion(settings, clock: Self.clock)
        let names = try (0..<2).map { _ in
            let payload = try #require(try assertion.text().text.split(separator: ".").dropFirst().first)
            let id = try #require(Base64URL.decode(payload.utf8).flatMap { JSONValue($0) }?["jti"]?.string)
            return try #require(UUID(uuidString: id))
        }
        #expect(Set(names).count == 2)
    }

    @Test("a finished assertion is read again when its file was written anew")
    func file() async throws {
        try await TokenFiles.withFolder { folder in
            let file = folder.appendingPathComponent("assertion")
            try Data("e30.e30.one\n".utf8).write(to: file)
            var settings = OAuthAssertionSettings()
            settings.file = file.path
            let assertion = try OAuthAssertion(settings, clock: Self.clock)
            #expect(try assertion.text().text == "e30.e30.one")
            try Data("e30.e30.number-two".utf8).write(to: file)
            #expect(try assertion.text().text == "e30.e30.number-two")
            try FileManager.default.removeItem(at: file)
            let error = #expect(throws: LoginError.self) { try assertion.text() }
            #expect(error?.reason == "sasl.oauthbearer.assertion.file=\(file.path): No such file or directory")
        }
    }

    @Test(
        "keys that cannot sign are refused at the start, and the passphrase is not shown",
        arguments: [
            ("p256.pem", .rs256, nil, "it has no RSA key of 1024 bits or more, which RS256 needs"),
            ("rsa.pem", .es256, nil, "it has no key of the curve P-256, which ES256 needs"),
            ("p384.pem", .es256, nil, "it has no key of the curve P-256, which ES256 needs"),
            (
                "rsa-encrypted.pem", .rs256, nil,
                "its key is encrypted: set sasl.oauthbearer.assertion.private.key.passphrase"
            ),
            (
                "rsa-encrypted.pem", .rs256, "hunter2",
                "its key cannot be recovered: sasl.oauthbearer.assertion.private.key.passphrase is wrong, or it is damaged"
            ),
            (
                "rsa.pem", .rs256, "hunter2",
                "sasl.oauthbearer.assertion.private.key.passphrase is set, and its key is not encrypted"
            ),
            ("rsa-public.pem", .rs256, nil, "it has no PRIVATE KEY entry in PEM"),
            ("none.pem", .rs256, nil, "No such file or directory"),
        ] as [(String, OAuthAssertionSettings.Algorithm, String?, String)]
    )
    func refusals(
        key: String,
        algorithm: OAuthAssertionSettings.Algorithm,
        passphrase: String?,
        expected: String
    ) {
        var settings = settings(key)
        settings.algorithm = algorithm
        settings.privateKeyPassphrase = passphrase.map { Secret($0) }
        let refusal = #expect(throws: SecurityRefusal.self) { try OAuthAssertion(settings, clock: Self.clock) }
        let path = TokenFiles.path(key)
        #expect(refusal?.reason == "sasl.oauthbearer.assertion.private.key.file=\(path): \(expected)")
    }

    @Test(
        "files that say nothing of the kind are refused at the start",
        arguments: [
            ("x", "it must have the form {\"header\": {…}, \"payload\": {…}}"),
            ("[]", "it must have the form {\"header\": {…}, \"payload\": {…}}"),
            (#"{"header":1}"#, "its header must be an object"), (#"{"payload":[]}"#, "its payload must be an object"),
        ]
    )
    func templates(text: String, expected: String) async throws {
        try await TokenFiles.withFolder { folder in
            let template = folder.appendingPathComponent("template.json")
            try Data(text.utf8).write(to: template)
            var settings = settings("rsa.pem")
            settings.templateFile = template.path
            let refusal = #expect(throws: SecurityRefusal.self) { try OAuthAssertion(settings, clock: Self.clock) }
            #expect(refusal?.reason == "sasl.oauthbearer.assertion.template.file=\(template.path): \(expected)")
        }
    }

    @Test("an assertion needs a file or a key")
    func nothing() {
        var settings = OAuthAssertionSettings()
        settings.issuer = "me"
        let refusal = #expect(throws: SecurityRefusal.self) { try OAuthAssertion(settings, clock: Self.clock) }
        #expect(refusal?.key == "sasl.oauthbearer.assertion.private.key.file")
    }
}
