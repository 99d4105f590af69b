// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Testing

/// Keys that Kafka's producer does not have, and what they were meant to be.
@Suite("Unknown keys")
struct UnknownKeyTests {
    private static let server = PropertySource(name: "-b", key: "bootstrap.servers", value: "localhost:9092")

    private static func refusal(_ sources: PropertySource...) -> ConfigurationError? {
        do throws(ConfigurationError) {
            _ = try ProducerConfiguration(merging: [server] + sources)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "a key that was typed and that Kafka's producer does not have is an error",
        arguments: [
            ("lingr.ms", "; did you mean linger.ms?"), ("topic", "; the topic is chosen by --topic"),
            ("message.timeout.ms", "; Kafka's name for it is delivery.timeout.ms"), ("my.own", ""),
        ]
    )
    func typed(key: String, advice: String) {
        let error = Self.refusal(PropertySource(name: "-X", key: key, value: "1"))
        #expect(error?.description == "-X: \(key) is not a setting of Kafka's producer\(advice)")
    }

    @Test(
        "a key by which encryption or a login was meant is an error in a file too",
        arguments: [
            "security.protcol=SSL", "scurity.protocol=SSL", "security_protocol=SSL", "securityProtocol=SSL",
            "ssl.ca.location=/ca", "sasl.username=u", "sasl.mechanisms=PLAIN", "ssl.truststore.locaton=/a", "ssl=true",
            "tls.enabled=true", "sals.mechanism=PLAIN", "protocol=sasl_ssl", "spring.kafka.security.protocol=SSL",
            "producer.override.sasl.jaas.config=x", "enable.ssl.certificate.verification=true", "use.ssl=true",
        ]
    )
    func security(entry: String) throws {
        let key = String(entry.prefix { $0 != "=" })
        let file = try PropertySource(name: "f", contents: Array("acks=1\n\(entry)".utf8))
        let message = try #require(Self.refusal(file)?.description)
        let expected =
            "f:2: \(key) is not a setting of Kafka's producer, and without it records would be sent in plain text"
        #expect(message.hasPrefix(expected))
    }

    @Test(
        "another unknown key of a file stays a warning, as in Java",
        arguments: [
            "lingr.ms=1", "my.own=1", "group.id=g", "schema.registry.ssl.truststore.location=/a", "sl=1", "tl=1",
            "protocol=PLAINTEXT",
        ]
    )
    func lenient(entry: String) throws {
        let file = try PropertySource(name: "f", contents: Array(entry.utf8))
        #expect(Self.refusal(file) == nil)
    }

    @Test("all that is known to be wrong is told at once, with the warnings, and no secret among it")
    func together() throws {
        let file = try PropertySource(
            name: "f",
            contents: Array("bootstrap.server=a:1\nacks=7\nlinger.ms=x\nsasl.pasword=hush\nmy.own=1".utf8)
        )
        let error = try #require(throws: ConfigurationError.self) { try ProducerConfiguration(merging: [file]) }
        #expect(error.all.map(\.key) == ["sasl.pasword", "bootstrap.servers", "acks", "linger.ms"])
        #expect(error.notices.map(\.key) == ["bootstrap.server", "my.own"])
        #expect(!"\(error.all) \(error.notices)".contains("hush"))
    }
}
