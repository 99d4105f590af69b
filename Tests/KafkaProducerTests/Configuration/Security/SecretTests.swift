// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import Testing

@testable import KafkaProducer

/// No secret of a configuration is shown, and those that others can read are warned of.
@Suite("Secrets of settings")
struct SecretTests {
    private static let jaas = "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\""
    private static let handler = "org.apache.kafka.common.config.provider.EnvVarConfigProvider"

    @Test("no print, dump or effective value of a configuration shows what is in a setting of type PASSWORD")
    func hidden() throws {
        let keys = ProducerConfigKey.all.filter { $0.type == .password }.map(\.name)
        #expect(keys.count == 9)
        let text = keys.enumerated().map { "\($1)=hush\($0)" }.joined(separator: "\n")
        let configuration = try ProducerConfiguration(text: "security.protocol=PLAINTEXT\n" + text)
        var shown = "\(configuration) \(configuration.effectiveValues) \(configuration.notices)"
        dump(configuration, to: &shown)
        shown += String(reflecting: configuration)
        #expect(!shown.contains("hush"))
        for key in keys { #expect(configuration.effective(key) == "[hidden]") }
    }

    @Test("a password in an error is hidden, whatever is wrong with the settings")
    func hiddenInErrors() {
        let texts = [
            "security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=\(Self.jaas) password=\"hush",
            "security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=hush",
            "security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=hush.hush required hush=hush;",
            "security.protocol=SASL_SSL\nsasl.mechanism=NO\nsasl.jaas.config=\(Self.jaas) password=\"hush\";",
            "security.protocol=SSL\nssl.truststore.type=PEM\nssl.truststore.certificates=hush",
            "security.protocol=SSL\nssl.keystore.type=PEM\nssl.keystore.key=hush\nssl.keystore.certificate.chain=hush",
            "security.protocol=SSL\nssl.keystore.password=hush", "security.protocol=SSL\nssl.truststore.password=hush",
            "sasl.password=hush", "sasl.jaas.confg=hush", "security.protocol=SSL\nacks=7\nssl.key.password=hush",
        ]
        for text in texts {
            let error = #expect(throws: ConfigurationError.self) {
                var configuration = try ProducerConfiguration(text: text)
                try configuration.prepareSecurity()
            }
            var shown = "\(error.map { "\($0.all) \($0.notices)" } ?? "")"
            dump(error, to: &shown)
            #expect(!shown.contains("hush"), "\(text)")
        }
    }

    @Test(
        "a password that was typed is warned of, once, with what to do; a variable in its place is not",
        arguments: [
            ("sasl.jaas.config", "\(jaas) password=\"x\";", true), ("ssl.keystore.password", "x", true),
            ("ssl.key.password", "x", true), ("ssl.keystore.key", "x", true), ("ssl.truststore.password", "x", true),
            ("sasl.oauthbearer.client.credentials.client.secret", "x", true),
            ("sasl.jaas.config", "\(jaas) password=\"${env:P}\";", false), ("ssl.key.password", "${env:P}", false),
            ("ssl.truststore.certificates", "x", false), ("ssl.keystore.certificate.chain", "x", false),
            ("sasl.jaas.config", "software.amazon.msk.auth.iam.IAMLoginModule required;", false),
            ("ssl.keystore.location", "x", false), ("ssl.keystore.password", "", false),
        ]
    )
    func typed(key: String, value: String, isWarned: Bool) throws {
        let server = PropertySource(name: "-b", key: "bootstrap.servers", value: "a:1")
        let typed = PropertySource(name: "-X", key: key, value: value)
        let further = PropertySource(name: "-X", key: "ssl.key.password", value: "y")
        let notices = try ProducerConfiguration(merging: [server, typed]).notices.filter { $0.kind == .insecure }
        #expect(notices.map(\.description) == (isWarned ? [Self.warning("-X: ", key)] : []))
        #expect(notices.allSatisfy { $0.severity == .warning })
        let both = try ProducerConfiguration(merging: [server, typed, further]).notices.filter { $0.kind == .insecure }
        #expect(both.count == 1)
    }

    private static func warning(_ place: String, _ key: String) -> String {
        "\(place)everyone on this machine can see the command line, and the password in \(key): write it into a file "
            + "(-c FILE), or with config.providers ${env:NAME} or ${file:/path:key} in its place"
    }

    @Test("a settings file with a password that others can read is warned of, once")
    func files() throws {
        let text = "ssl.key.password=x\nsasl.jaas.config=\(Self.jaas) password=\"x\";"
        let shared = TestEnvironment(shared: ["producer.config"])
        let notices = try ProducerConfiguration(text: text, environment: shared).notices.filter { $0.kind == .insecure }
        #expect(
            notices.map(\.description) == [
                "producer.config:1: others can read this file, and the password in ssl.key.password: chmod 600 "
                    + "producer.config, or write ${env:NAME} or ${file:/path:key} in its place (config.providers)"
            ]
        )
        let own = try ProducerConfiguration(text: text).notices.filter { $0.kind == .insecure }
        #expect(own.isEmpty)
        let variable = try ProducerConfiguration(text: "acks=1\nssl.key.password=${env:P}", environment: shared)
        #expect(variable.notices.allSatisfy { $0.kind != .insecure })
    }

    @Test("a variable in a password that nothing fills in is told, without its text")
    func unfilled() throws {
        let text = "security.protocol=SSL\nssl.key.password=${env:hush}"
        let notices = try ProducerConfiguration(text: text).notices.map(\.description)
        #expect(
            notices == [
                "producer.config:2: what looks like a variable in ssl.key.password is not filled in, because "
                    + "config.providers does not name env"
            ]
        )
        let filled = try ProducerConfiguration(
            text: "security.protocol=SSL\nssl.key.password=${env:P}\nconfig.providers=env\n"
                + "config.providers.env.class=\(Self.handler)",
            environment: TestEnvironment(variables: ["P": "value"])
        )
        #expect(filled.notices.isEmpty)
        #expect(filled.tls.keyStore.keyPassword?.text == "value")
    }

    @Test(
        "a name and a password made in code come out of JAAS as they are",
        arguments: ["a", "\"", "\\", "a\"\\b", "ä\n\r;"]
    )
    func madeInCode(text: String) throws {
        for sasl in [
            SASLConfiguration.plain(username: text, password: Password(text)),
            .scramSHA256(username: text, password: Password(text)),
            .scramSHA512(username: text, password: Password(text)),
        ] {
            let jaas = try JAASConfiguration(parsing: #require(sasl.jaasConfig).text)
            #expect(jaas.options == ["username": Secret(text), "password": Secret(text)])
            #expect(try jaas.loginModule().mechanisms.map(\.rawValue).contains(sasl.mechanism))
        }
    }

    @Test("two passwords are the same by their text")
    func equality() {
        #expect(Password("a") == "a" && Password("a") != "b")
        #expect(Set([Password("a"), "a", "b"]).count == 2)
        #expect("\(Password("a"))" == "[hidden]" && String(reflecting: Password("a")) == "[hidden]")
    }
}
