// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaClient
import Testing
import Vectors

@testable import KafkaProducer

/// What settings of OAUTHBEARER come to.
@Suite("Settings of OAUTHBEARER")
struct OAuthSettingsTests {
    private static let package = "org.apache.kafka.common.security.oauthbearer"
    private static let module = "\(package).OAuthBearerLoginModule required"
    private static let base = "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=OAUTHBEARER\n"
    private static let issuer =
        base
        + "sasl.login.callback.handler.class=\(package).OAuthBearerLoginCallbackHandler\nsasl.jaas.config=\(module);\n"
    private static let client =
        "sasl.oauthbearer.client.credentials.client.id=me\nsasl.oauthbearer.client.credentials.client.secret=hush\n"
    private static let url = "sasl.oauthbearer.token.endpoint.url"

    private static func prepared(_ text: String) throws(ConfigurationError) -> ProducerConfiguration {
        var configuration = try ProducerConfiguration(text: text)
        try configuration.prepareSecurity()
        return configuration
    }

    @Test("a token that nobody signs is what OAUTHBEARER has without a handler")
    func unsecured() async throws {
        let handler = "\(Self.package).internals.unsecured.OAuthBearerUnsecuredLoginCallbackHandler"
        for line in ["", "sasl.login.callback.handler.class=\(handler)\n"] {
            let text = Self.base + line + "sasl.jaas.config=\(Self.module) unsecuredLoginStringClaim_sub=\"alice\";"
            let configuration = try Self.prepared(text)
            try await configuration.prepareLogin()
            let login = try #require(configuration.prepared?.client.login)
            #expect(login.mechanism == .oauthBearer && login.user == "alice")
        }
    }

    @Test("a token is asked for at an endpoint, or read from a file")
    func issuer() async throws {
        let configuration = try Self.prepared(Self.issuer + Self.client + "\(Self.url)=https://127.0.0.1:1/token")
        #expect(configuration.prepared?.client.login?.mechanism == .oauthBearer)
        #expect(configuration.notices.map(\.kind) == [.insecure])
        let file = VectorFolder.sharedURL(of: "keystores/ca.pem")
        let noToken = try Self.prepared(Self.issuer + "\(Self.url)=\(file.absoluteString)")
        await #expect(throws: LoginError.self) { try await noToken.prepareLogin() }
    }

    private static let refusals: [(String, String)] = [
        (
            base + "sasl.jaas.config=\(module);",
            "producer.config:3: sasl.jaas.config: OAuthBearerLoginModule has no option to get a token by: set "
                + "sasl.login.callback.handler.class"
        ),
        (
            base + "sasl.jaas.config=\(module) clientId=me clientSecret=hush;\n\(url)=https://a/token",
            "producer.config:4: \(url) has no effect without a handler that asks it: set "
                + "sasl.login.callback.handler.class=\(package).OAuthBearerLoginCallbackHandler"
        ),
        (issuer + client, "producer.config:1: \(url) is not set: it says where tokens are from"),
        (
            issuer + "\(url)=https://a/token",
            "producer.config:1: sasl.oauthbearer.client.credentials.client.id is not set, and a token endpoint needs it"
        ),
        (issuer + client + "\(url)=ftp://a/token", "producer.config:7: \(url) cannot be used: "),
        (issuer + client + "\(url)=file:/no/such", "producer.config:7: \(url): token file /no/such: No such file"),
        (
            issuer + client + "\(url)=https://a/\nsasl.oauthbearer.jwt.retriever.class=com.example.R",
            "producer.config:8: sasl.oauthbearer.jwt.retriever.class=com.example.R is a Java class, which cannot run here; "
                + "there are DefaultJwtRetriever, ClientCredentialsJwtRetriever, FileJwtRetriever, JwtBearerJwtRetriever of"
        ),
        (
            issuer + client + "\(url)=https://a/\nsasl.oauthbearer.jwt.validator.class=com.example.V",
            "producer.config:8: sasl.oauthbearer.jwt.validator.class=com.example.V is a Java class, which cannot run here"
        ),
        (
            base
                + "sasl.login.callback.handler.class=io.strimzi.kafka.oauth.client.JaasClientOauthLoginCallbackHandler\n"
                + "sasl.jaas.config=\(module) oauth.client.secret=hush;",
            "producer.config:3: sasl.login.callback.handler.class=io.strimzi.kafka.oauth.client."
                + "JaasClientOauthLoginCallbackHandler is a Java class, which cannot run here; set "
                + "\(package).OAuthBearerLoginCallbackHandler, with \(url) and"
        ),
        (
            issuer + client + "\(url)=https://a/\nsasl.oauthbearer.assertion.claim.iss=me\n"
                + "sasl.oauthbearer.assertion.private.key.file=/no/such",
            "producer.config:1: sasl.oauthbearer.assertion.private.key.file"
        ),
    ]

    @Test("what is wrong is refused with its place and what to write", arguments: refusals)
    func refused(text: String, expected: String) {
        let error = #expect(throws: ConfigurationError.self) { try Self.prepared(text) }
        #expect(error?.description.hasPrefix(expected) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("hush") == false)
    }

    @Test("an endpoint without TLS, and options in an old way, are told at the start")
    func notices() throws {
        let text =
            "security.protocol=SASL_SSL\nsasl.mechanism=OAUTHBEARER\n"
            + "sasl.login.callback.handler.class=kafkashaded.\(Self.package).secured.OAuthBearerLoginCallbackHandler\n"
            + "sasl.jaas.config=\(Self.module) clientId=me clientSecret=hush hush=hush;\n\(Self.url)=http://a/token\n"
            + "sasl.oauthbearer.jwks.endpoint.url=https://a\nssl.truststore.type=PEM\nssl.truststore.location="
            + VectorFolder.sharedURL(of: "keystores/ca.pem").path
        let notices = try Self.prepared(text).notices.map { "\($0.severity) \($0)" }
        #expect(
            notices == [
                "information producer.config:6: sasl.oauthbearer.jwks.endpoint.url has no effect: the broker checks the token",
                "information producer.config:4: sasl.jaas.config: the option clientId is deprecated in Kafka: set "
                    + "sasl.oauthbearer.client.credentials.client.id",
                "information producer.config:4: sasl.jaas.config: the option clientSecret is deprecated in Kafka: set "
                    + "sasl.oauthbearer.client.credentials.client.secret",
                "information producer.config:4: sasl.jaas.config: without effect for OAUTHBEARER: 1 option with an unknown name",
                "warning producer.config:5: the token endpoint http://a/token has no TLS: the secret and the token can be read on "
                    + "their way",
            ]
        )
    }

    @Test("every setting of a token reaches what asks for it")
    func values() throws {
        var text = Self.base
        let values = [
            "scope": "s", "client.credentials.client.id": "i", "client.credentials.client.secret": "x",
            "header.urlencode": "true", "scope.claim.name": "sc", "sub.claim.name": "su", "token.endpoint.url": "u",
            "assertion.algorithm": "es256", "assertion.claim.aud": "a", "assertion.claim.exp.seconds": "7",
            "assertion.claim.iss": "is", "assertion.claim.jti.include": "true", "assertion.claim.nbf.seconds": "8",
            "assertion.claim.sub": "sb", "assertion.file": "f", "assertion.private.key.file": "k",
            "assertion.private.key.passphrase": "p", "assertion.template.file": "t",
        ]
        for (key, value) in values { text += "sasl.oauthbearer.\(key)=\(value)\n" }
        text += "sasl.login.refresh.window.factor=0.6\nsasl.login.refresh.window.jitter=0.1\n"
        text += "sasl.login.refresh.min.period.seconds=1\nsasl.login.refresh.buffer.seconds=2\n"
        text += "sasl.login.connect.timeout.ms=3\nsasl.login.read.timeout.ms=4\nsasl.login.retry.backoff.ms=5\n"
        text += "sasl.login.retry.backoff.max.ms=6\n"
        let jaas = try JAASConfiguration(parsing: "\(Self.module) clientId=old scope=old;")
        let settings = try OAuthPlan(ProducerConfiguration(text: text), jaas).settings()
        let found =
            "\(settings.tokenEndpoint ?? "") \(settings.clientID ?? "") \(settings.clientSecret?.text ?? "") "
            + "\(settings.scope ?? "") \(settings.encodesHeader) \(settings.scopeClaimName) \(settings.subjectClaimName) "
            + "\(settings.connectTimeout) \(settings.readTimeout) \(settings.retryBackoff) \(settings.retryBackoffMax)"
        #expect(found == "u i x s true sc su 0.003 seconds 0.004 seconds 0.005 seconds 0.006 seconds")
        let refresh = settings.refresh
        #expect(refresh.windowFactor == 0.6 && refresh.windowJitter == 0.1)
        #expect(refresh.minimumPeriod == .seconds(1) && refresh.buffer == .seconds(2))
        let assertion = settings.assertion
        #expect(
            [
                assertion.file, assertion.audience, assertion.issuer, assertion.subject, assertion.privateKeyFile,
                assertion.privateKeyPassphrase?.text, assertion.templateFile, assertion.algorithm.rawValue,
            ] == ["f", "a", "is", "sb", "k", "p", "t", "ES256"]
        )
        #expect(assertion.lifetime == .seconds(7) && assertion.notBefore == .seconds(8) && assertion.includesID)
    }
}
