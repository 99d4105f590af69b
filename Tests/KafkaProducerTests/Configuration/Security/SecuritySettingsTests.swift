// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaClient
import Testing
import Vectors

@testable import KafkaProducer

/// What security settings come to, and what is said of those that are wrong.
@Suite("Security settings")
struct SecuritySettingsTests {
    private static let security = "org.apache.kafka.common.security"
    private static let plain = "\(security).plain.PlainLoginModule required username=\"u\" password=\"hush\";"
    private static let scram = "\(security).scram.ScramLoginModule required username=\"u\" password=\"hush\";"
    private static let store = VectorFolder.sharedURL(of: "keystores/trust.jks").path

    private static func prepared(_ text: String) throws(ConfigurationError) -> ProducerConfiguration {
        var configuration = try ProducerConfiguration(text: text)
        try configuration.prepareSecurity()
        return configuration
    }

    private static func login(_ text: String) throws -> any ClientLogin {
        try #require(try prepared(text).prepared?.client.login)
    }

    @Test(
        "a login is refused with its place and what to write",
        arguments: [
            (
                "sasl.mechanism=PLAIN\nacks=1",
                "producer.config:1: sasl.jaas.config is not set, and security.protocol=SASL_SSL needs a login: set "
            ),
            (
                "acks=1\nsasl.jaas.config=\(plain)",
                "producer.config:1: sasl.mechanism is not set, and its default GSSAPI is not what PlainLoginModule is for; set PLAIN or "
            ),
            (
                "sasl.mechanism=plain\nsasl.jaas.config=\(plain)",
                "producer.config:2: sasl.mechanism=plain is not supported; write it in capital letters: PLAIN"
            ),
            (
                "sasl.mechanism=SCRAM-SHA-1\nsasl.jaas.config=\(scram)",
                "producer.config:2: sasl.mechanism=SCRAM-SHA-1 is not supported; set one of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER, "
            ),
            (
                "sasl.mechanism=PLAIN,SCRAM-SHA-256\nsasl.jaas.config=\(scram)",
                "producer.config:2: sasl.mechanism=PLAIN,SCRAM-SHA-256 is not supported; "
            ),
            (
                "sasl.mechanism=PLAIN\nsasl.jaas.config=\(security).plain.PlainLoginModule required username=\"u\";",
                "producer.config:3: sasl.jaas.config: PlainLoginModule needs username and password, and none of them may be empty"
            ),
            (
                "sasl.mechanism=PLAIN\nsasl.jaas.config=\(security).plain.PlainLoginModule required username=u password=\"a\\\\0b\";",
                "producer.config:3: sasl.jaas.config: username or password has a NUL character, which cannot be sent"
            ),
            (
                "sasl.mechanism=PLAIN\nsasl.jaas.config=\(security).oauthbearer.OAuthBearerLoginModule required a=b;",
                "producer.config:3: sasl.jaas.config: OAuthBearerLoginModule is for OAUTHBEARER, and sasl.mechanism is PLAIN; "
                    + "use \(security).plain.PlainLoginModule or \(security).scram.ScramLoginModule"
            ),
            (
                "sasl.mechanism=PLAIN\nsasl.jaas.config=com.example.MyLoginModule required;",
                "producer.config:3: sasl.jaas.config: the login module com.example.MyLoginModule is not supported"
            ),
            (
                "sasl.mechanism=AWS_MSK_IAM\nsasl.jaas.config=software.amazon.msk.auth.iam.IAMLoginModule required "
                    + "awsMaxRetries=\"hush\";",
                "producer.config:3: sasl.jaas.config: IAMLoginModule: awsMaxRetries must be a number"
            ),
            (
                "sasl.mechanism=GSSAPI\nsasl.jaas.config=com.sun.security.auth.module.Krb5LoginModule required "
                    + "useTicketCache=true;",
                "producer.config:1: No serviceName defined in either JAAS or Kafka config"
            ),
            (
                "sasl.mechanism=GSSAPI\nsasl.jaas.config=com.sun.security.auth.module.Krb5LoginModule required "
                    + "useTicketCache=true serviceName=a;\nsasl.kerberos.service.name=b",
                "producer.config:4: Conflicting serviceName values found in JAAS and Kafka configs"
            ),
            (
                "sasl.login.class=com.example.Login\nsasl.jaas.config=\(plain)",
                "producer.config:2: sasl.login.class=com.example.Login is a Java class, which cannot run here; remove the line"
            ),
            (
                "sasl.client.callback.handler.class=com.example.H\nsasl.jaas.config=\(plain)",
                "producer.config:2: sasl.client.callback.handler.class=com.example.H is a Java class, which cannot run here"
            ),
        ]
    )
    func login(settings: String, expected: String) {
        let text = "security.protocol=SASL_SSL\n\(settings)\nssl.truststore.location=\(Self.store)"
        let error = #expect(throws: ConfigurationError.self) { try Self.prepared(text) }
        #expect(error?.description.hasPrefix(expected) == true, "\(error?.description ?? "")")
        #expect(error?.all.count == 1)
    }

    @Test(
        "settings of TLS are refused with their place and what to write",
        arguments: [
            (
                "ssl.protocol=TLSv1.1",
                "producer.config:2: ssl.protocol=TLSv1.1 is not supported; set TLSv1.2 or TLSv1.3"
            ),
            ("ssl.protocol=SSL", "producer.config:2: ssl.protocol=SSL is not supported; set TLSv1.2 or TLSv1.3"),
            (
                "ssl.enabled.protocols=TLSv1,TLSv1.1",
                "producer.config:2: ssl.enabled.protocols=TLSv1,TLSv1.1 is not safe and not supported; set TLSv1.2,TLSv1.3"
            ),
            (
                "ssl.enabled.protocols=TLSv1.2,tlsv1.3",
                "producer.config:2: ssl.enabled.protocols: tlsv1.3 is no version of TLS; there are TLSv1.2 and TLSv1.3, so written"
            ),
            (
                "ssl.enabled.protocols=TLSv1.3\nssl.protocol=TLSv1.2",
                "producer.config:2: ssl.enabled.protocols=TLSv1.3 has no version up to ssl.protocol=TLSv1.2"
            ),
            ("ssl.cipher.suites=NO", "producer.config:2: ssl.cipher.suites=NO: none of these can be used"),
            (
                "ssl.endpoint.identification.algorithm=none",
                "producer.config:2: ssl.endpoint.identification.algorithm=none is not supported; https has the broker's name "
                    + "looked for in its certificate, and an empty value (ssl.endpoint.identification.algorithm=) does not"
            ),
            (
                "ssl.engine.factory.class=com.example.F",
                "producer.config:2: ssl.engine.factory.class=com.example.F is a Java class, which cannot run here; use "
                    + "ssl.keystore.* and ssl.truststore.*"
            ),
            (
                "ssl.trustmanager.algorithm=Mine",
                "producer.config:2: ssl.trustmanager.algorithm=Mine is not supported: it may trust others than PKIX does"
            ),
            (
                "ssl.truststore.location=/no/such\nssl.truststore.type=JCEKS",
                "producer.config:3: ssl.truststore.type=JCEKS is not supported; convert the store: keytool"
            ),
            (
                "ssl.truststore.type=PEM\nssl.truststore.location=/no/such",
                "producer.config:3: Failed to load SSL trust store /no/such of type PEM: No such file or directory"
            ),
            (
                "ssl.truststore.location=\(store)\nssl.truststore.password=hush",
                "producer.config:2: Failed to load SSL trust store \(store) of type JKS: the password is wrong, or the file is "
                    + "damaged"
            ),
            (
                "ssl.keystore.password=hush",
                "producer.config:2: SSL key store is not specified, but key store password is specified."
            ),
        ]
    )
    func tls(settings: String, expected: String) {
        let error = #expect(throws: ConfigurationError.self) { try Self.prepared("security.protocol=SSL\n\(settings)") }
        #expect(error?.description.hasPrefix(expected) == true, "\(error?.description ?? "")")
    }

    @Test("what is wrong with the login and with TLS is told together, the login first as in Java")
    func together() {
        let text = "security.protocol=SASL_SSL\nsasl.mechanism=X\nsasl.jaas.config=\(Self.plain)\nssl.protocol=X"
        let error = #expect(throws: ConfigurationError.self) { try Self.prepared(text) }
        #expect(error?.all.map(\.key) == ["sasl.mechanism", "ssl.protocol"])
    }

    @Test(
        "what is less safe than it could be is told at the start",
        arguments: [
            (
                "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.jaas.config=\(plain)",
                [
                    "producer.config:1: security.protocol=SASL_PLAINTEXT with sasl.mechanism=PLAIN sends the password in clear "
                        + "text; use SASL_SSL"
                ]
            ),
            ("security.protocol=SASL_PLAINTEXT\nsasl.mechanism=SCRAM-SHA-256\nsasl.jaas.config=\(scram)", []),
            (
                "security.protocol=SSL\nssl.truststore.location=\(store)\nssl.endpoint.identification.algorithm=",
                [
                    "producer.config:3: ssl.endpoint.identification.algorithm is empty: any server with a certificate of a "
                        + "trusted CA can pretend to be the broker"
                ]
            ),
            (
                "security.protocol=SSL\nssl.truststore.location=\(store)\nssl.enabled.protocols=TLSv1.2,TLSv1.1,TLSv1",
                ["producer.config:3: ssl.enabled.protocols: TLSv1.1, TLSv1 is not used, since it is not safe"]
            ),
            (
                "security.protocol=SSL\nssl.truststore.location=\(store)\nssl.keymanager.algorithm=Mine",
                ["producer.config:3: ssl.keymanager.algorithm has no effect: the first key of the store is used"]
            ),
            (
                "security.protocol=SSL\nssl.truststore.location=\(store)\nssl.provider=BCJSSE",
                ["producer.config:3: ssl.provider has no effect: Java classes cannot be loaded here"]
            ),
            (
                "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=SCRAM-SHA-512\nsasl.jaas.config=\(security).scram."
                    + "ScramLoginModule required username=u password=p serviceName=kafka hush=hush;",
                [
                    "producer.config:3: sasl.jaas.config: without effect for SCRAM-SHA-512: serviceName, 1 option with an unknown "
                        + "name"
                ]
            ),
        ]
    )
    func notices(text: String, expected: [String]) throws {
        #expect(try Self.prepared(text).notices.map(\.description) == expected)
    }

    @Test("Java's names for what is done here anyway are taken, those of a copy of the client too")
    func javaNames() throws {
        let text = """
            security.protocol=SASL_SSL
            sasl.mechanism=SCRAM-SHA-256
            sasl.jaas.config=kafkashaded.\(Self.plain)
            sasl.login.class=kafkashaded.\(Self.security).authenticator.DefaultLogin
            sasl.client.callback.handler.class=\(Self.security).authenticator.SaslClientCallbackHandler
            ssl.engine.factory.class=org.apache.flink.kafka.shaded.\(Self.security).ssl.DefaultSslEngineFactory
            ssl.keymanager.algorithm=PKIX
            ssl.trustmanager.algorithm=SunX509
            ssl.protocol=TLS
            ssl.truststore.location=\(Self.store)
            """
        let login = try Self.login(text)
        #expect(login.mechanism == .scramSHA256 && login.user == "u")
        #expect(try Self.prepared(text).notices.isEmpty)
    }

    @Test(
        "the mechanism and the module's class say who logs in, without a word",
        arguments: [
            ("PLAIN", plain, "u"), ("SCRAM-SHA-512", scram, "u"), ("PLAIN", scram, "u"), ("SCRAM-SHA-256", plain, "u"),
            ("AWS_MSK_IAM", "software.amazon.msk.auth.iam.IAMLoginModule required;", nil),
            (
                "AWS_MSK_IAM",
                "software.amazon.msk.auth.iam.IAMLoginModule required;\nsasl.client.callback.handler.class="
                    + "software.amazon.msk.auth.iam.IAMClientCallbackHandler", nil
            ),
            (
                "OAUTHBEARER",
                "\(security).oauthbearer.OAuthBearerLoginModule required;\nsasl.login.callback.handler.class="
                    + "software.amazon.msk.auth.iam.IAMOAuthBearerLoginCallbackHandler", nil
            ),
            (
                "GSSAPI",
                "com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true keyTab=\"/k\" principal=\"me@R\";\n"
                    + "sasl.kerberos.service.name=kafka", "me@R"
            ),
        ] as [(String, String, String?)]
    )
    func mechanisms(mechanism: String, jaas: String, user: String?) throws {
        let text =
            "security.protocol=SASL_SSL\nssl.truststore.location=\(Self.store)\nsasl.mechanism=\(mechanism)\n"
            + "sasl.jaas.config=\(jaas)"
        let login = try Self.login(text)
        #expect(login.mechanism.rawValue == mechanism && login.user == user)
        #expect(try Self.prepared(text).notices.isEmpty)
    }

    @Test("settings made in code are made ready as those of a file, and anew when code has changed them")
    func madeInCode() throws {
        var configuration = ProducerConfiguration(bootstrapServers: [BootstrapServer(host: "a", port: 1)])
        configuration.securityProtocol = .saslSSL
        configuration.sasl = .scramSHA512(username: "alice", password: "hush")
        configuration.tls.trustStore = .file(Self.store, password: "store-pass")
        try configuration.validate()
        try configuration.prepareSecurity()
        let first = try #require(configuration.prepared)
        #expect(first.client.tls != nil && first.client.login?.user == "alice")
        #expect(try configuration.security() === first)
        configuration.sasl = .plain(username: "bob", password: "hush")
        #expect(try configuration.security() !== first)
        try configuration.prepareSecurity()
        #expect(configuration.prepared?.client.login?.user == "bob")
        configuration.tls.verifiesHostname = false
        try configuration.prepareSecurity()
        #expect(configuration.notices.map(\.kind) == [.insecure])
        configuration.tls.trustStore = .pem("hush")
        let error = #expect(throws: ConfigurationError.self) { try configuration.prepareSecurity() }
        #expect(error?.key == "ssl.truststore.certificates" && error?.description.contains("hush") == false)
    }

    @Test("stores of all forms are taken from code", arguments: ["client.jks", "client.p12", "client.keystore.pem"])
    func stores(file: String) throws {
        let path = VectorFolder.sharedURL(of: "keystores/\(file)").path
        var configuration = ProducerConfiguration(bootstrapServers: [BootstrapServer(host: "a", port: 1)])
        configuration.securityProtocol = .ssl
        configuration.tls.trustStore = .pemFile(VectorFolder.sharedURL(of: "keystores/ca.pem").path)
        configuration.tls.keyStore = file.hasSuffix("pem") ? .pemFile(path) : .file(path, password: "store-pass")
        try configuration.prepareSecurity()
        #expect(configuration.prepared?.client.tls != nil && configuration.notices.isEmpty)
        configuration.tls.keyStore = .pem(key: "no key", certificateChain: "no chain")
        let error = #expect(throws: ConfigurationError.self) { try configuration.prepareSecurity() }
        #expect(error?.key == "ssl.keystore.key")
    }

    @Test(
        "what librdkafka calls a setting is answered with the line to write",
        arguments: [
            ("sasl.mechanisms=PLAIN", "; write sasl.mechanism=…"),
            ("sasl.username=u", "; write sasl.jaas.config=\(security).plain.PlainLoginModule required username=\"…\""),
            (
                "sasl.password=hush",
                "; write sasl.jaas.config=\(security).plain.PlainLoginModule required username=\"…\""
            ),
            ("ssl.ca.location=/ca", "; write ssl.truststore.type=PEM and ssl.truststore.location=…"),
            ("ssl.certificate.location=/c", "; write ssl.keystore.type=PEM and ssl.keystore.location=…, one file with"),
            ("ssl.key.location=/k", "; write ssl.keystore.type=PEM and ssl.keystore.location=…, one file with"),
            (
                "enable.ssl.certificate.verification=false",
                "; certificates are always verified: trust the broker's with"
            ),
            (
                "sasl.kerberos.keytab=/k",
                "; write sasl.jaas.config=com.sun.security.auth.module.Krb5LoginModule required"
            ),
            ("sasl.oauthbearer.client.secret=hush", "; write sasl.oauthbearer.client.credentials.client.secret=…"),
        ]
    )
    func librdkafka(entry: String, advice: String) {
        let error = #expect(throws: ConfigurationError.self) { try ProducerConfiguration(text: "acks=1\n\(entry)") }
        let key = entry.prefix { $0 != "=" }
        let expected =
            "producer.config:2: \(key) is not a setting of Kafka's producer, and without it records would be sent in plain text"
        #expect(error?.description.hasPrefix(expected + advice) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("hush") == false)
    }
}
