// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// What `sasl.jaas.config` says for OAUTHBEARER.
@Suite("OAuthSettings")
struct OAuthSettingsTests {
    @Test("the options are taken, trimmed, and told to be old")
    func options() throws {
        let settings = try OAuthSettings(jaasOptions: [
            "clientId": Secret(" id "), "clientSecret": Secret("hunter2 "), "scope": Secret("a b"),
            "extension_logicalCluster": Secret("lkc-1"),
        ])
        #expect(settings.clientID == "id")
        #expect(settings.clientSecret == Secret("hunter2"))
        #expect(settings.scope == "a b")
        #expect(settings.extensions == ["logicalCluster": "lkc-1"])
        #expect(
            settings.notes == [
                "sasl.jaas.config: the option clientId is deprecated in Kafka: set "
                    + "sasl.oauthbearer.client.credentials.client.id",
                "sasl.jaas.config: the option clientSecret is deprecated in Kafka: set "
                    + "sasl.oauthbearer.client.credentials.client.secret",
                "sasl.jaas.config: the option scope is deprecated in Kafka: set sasl.oauthbearer.scope",
            ]
        )
    }

    @Test("without options there are the defaults, and blank ones are none")
    func defaults() throws {
        for options in [[:], ["clientId": Secret(" ")]] as [[String: Secret]] {
            let settings = try OAuthSettings(jaasOptions: options)
            #expect(settings.clientID == nil)
            #expect(settings.clientSecret == nil)
            #expect(settings.extensions.isEmpty)
            #expect(settings.connectTimeout == .seconds(10))
            #expect(settings.readTimeout == .seconds(30))
            #expect(settings.endpointTLS.verifiesHostname)
            #expect(settings.endpointTLS.trust.location == nil)
            #expect(settings.endpointTLS.versions == .tls12 ... .tls13)
        }
    }

    @Test("what has no effect is told, by its name only where that cannot be a secret")
    func unused() throws {
        let settings = try OAuthSettings(jaasOptions: ["hunter2": Secret("x"), "keyTab": Secret("x")])
        #expect(
            settings.notes == [
                "sasl.jaas.config: without effect for OAUTHBEARER: keyTab, 1 option with an unknown name"
            ]
        )
    }

    @Test(
        "extensions that cannot be said are refused",
        arguments: [
            ("extension_", "x", "the name of a SASL extension must consist of the letters A to Z and a to z"),
            ("extension_1", "x", "the name of a SASL extension must consist of the letters A to Z and a to z"),
            ("extension_auth", "x", "a SASL extension must not be called auth"),
            ("extension_a", "hunter2\u{1}", "the value of the SASL extension a must be ASCII text, and not empty"),
        ]
    )
    func extensions(option: String, value: String, expected: String) {
        let refusal = #expect(throws: SecurityRefusal.self) {
            try OAuthSettings(jaasOptions: [option: Secret(value)])
        }
        #expect(refusal == SecurityRefusal(key: "sasl.jaas.config", "sasl.jaas.config: \(expected)"))
    }

    @Test("the options ssl.* are for the endpoint")
    func tls() throws {
        let settings = try OAuthSettings(jaasOptions: [
            "ssl.truststore.type": Secret("PEM"), "ssl.truststore.location": Secret("/ca.pem"),
            "ssl.keystore.location": Secret("/me.p12"), "ssl.keystore.password": Secret("p"),
            "ssl.key.password": Secret("k"), "ssl.enabled.protocols": Secret("TLSv1.3, TLSv1.2"),
            "ssl.protocol": Secret("TLSv1.2"), "ssl.cipher.suites": Secret("A,B"), "ssl.provider": Secret("x"),
            "ssl.endpoint.identification.algorithm": Secret(""),
        ])
        let tls = settings.endpointTLS
        #expect(tls.trust.type == .pem)
        #expect(tls.trust.location == "/ca.pem")
        #expect(tls.identity.location == "/me.p12")
        #expect(tls.identity.password == StorePassword("p"))
        #expect(tls.identity.keyPassword == StorePassword("k"))
        #expect(tls.versions == .tls12 ... .tls12)
        #expect(tls.cipherSuites == ["A", "B"])
        #expect(!tls.verifiesHostname)
        #expect(settings.notes == ["sasl.jaas.config: without effect for OAUTHBEARER: ssl.provider"])
    }

    @Test("an option of TLS that is unknown is refused, also behind one that is known and has no effect")
    func unknownBehindKnown() {
        let refusal = #expect(throws: SecurityRefusal.self) {
            try OAuthSettings(jaasOptions: ["ssl.provider": Secret("x"), "ssl.truststore.locaton": Secret("/ca.pem")])
        }
        #expect(refusal?.reason == "sasl.jaas.config: an option ssl.… is not an option of TLS that can be used")
    }

    @Test(
        "what TLS cannot do is refused",
        arguments: [
            ("ssl.protocol", "TLSv1.1", "ssl.protocol=TLSv1.1 is not supported; use TLSv1.2 or TLSv1.3"),
            ("ssl.enabled.protocols", "TLSv1", "ssl.enabled.protocols=TLSv1 is not supported; use TLSv1.2 or TLSv1.3"),
            (
                "ssl.truststore.type", "JCEKS",
                "ssl.truststore.type=JCEKS is not supported; convert the store: keytool -importkeystore -deststoretype "
                    + "PKCS12"
            ),
            ("ssl.engine.factory.class", "x.Y", "ssl.engine.factory.class is not an option of TLS that can be used"),
            ("ssl.hunter2", "x", "an option ssl.… is not an option of TLS that can be used"),
            ("ssl.trustmanager.algorithm", "x", "ssl.trustmanager.algorithm must be PKIX"),
            (
                "ssl.endpoint.identification.algorithm", "LDAPS",
                "ssl.endpoint.identification.algorithm must be https or empty"
            ),
        ]
    )
    func tlsRefusals(option: String, value: String, expected: String) {
        let refusal = #expect(throws: SecurityRefusal.self) {
            try OAuthSettings(jaasOptions: [option: Secret(value)])
        }
        #expect(refusal?.reason == "sasl.jaas.config: \(expected)")
    }

    @Test(
        "a retriever is known by the end of its class name",
        arguments: [
            ("org.apache.kafka.common.security.oauthbearer.JwtBearerJwtRetriever", OAuthRetriever.jwtBearer),
            ("shaded.org.apache.kafka.common.security.oauthbearer.FileJwtRetriever", .file),
            ("org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever", .default),
            ("org.apache.kafka.common.security.oauthbearer.ClientCredentialsJwtRetriever", .clientCredentials),
            ("FileJwtRetriever", nil), ("x.common.security.oauthbearer.OtherRetriever", nil),
        ]
    )
    func retrievers(className: String, expected: OAuthRetriever?) {
        #expect(OAuthRetriever(className: className) == expected)
    }
}
