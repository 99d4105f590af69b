// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Testing

/// What is wrong with `bootstrap.servers`, each in its own sentence.
@Suite("Lists of brokers")
struct BrokerListTests {
    @Test(
        "each mistake in a list of brokers has its own sentence, from an option or from a file",
        arguments: [
            ("localhost", "\"localhost\" has no port: write localhost:9092"),
            ("localhost:", "\"localhost:\" has no port: write localhost:9092"),
            ("[::1]", "\"[::1]\" has no port: write [::1]:9092"),
            ("::1", "\"::1\" is not HOST:PORT: write an IPv6 address in brackets, as in [::1]:9092"),
            ("fe80::1", "\"fe80::1\" is not HOST:PORT: write an IPv6 address in brackets, as in [::1]:9092"),
            ("a:1;b:2", "\"a:1;b:2\" has a semicolon: write commas between brokers"),
            ("a:1 b:2", "\"a:1 b:2\" has a blank: write commas between brokers"),
            ("a:1,", "\"a:1,\" has a comma too many: write HOST:PORT,HOST:PORT, and no blank on the command line"),
            (" ", "there is no broker in it: write HOST:PORT"),
            ("c:3,a:0", "\"a:0\" has port 0, where nothing listens; Kafka's is mostly 9092"),
            ("a:70000", "\"a:70000\" has a port above 65535"),
            ("a:1/", "\"a:1/\" is not HOST:PORT: a broker has no path"), ("a:b", "\"a:b\" is not HOST:PORT"),
            (
                "$HOST:1",
                "\"$HOST:1\" is not filled in: variables of the shell mean nothing here; with config.providers "
                    + "there is ${env:NAME}"
            ),
            ("${env:X}", "${env:X} is not filled in, because config.providers does not name env"),
        ]
    )
    func sentences(list: String, sentence: String) throws {
        let option = PropertySource(name: "-b", key: "bootstrap.servers", value: list)
        let inOption = #expect(throws: ConfigurationError.self) { try ProducerConfiguration(merging: [option]) }
        #expect(inOption?.description == "-b: bootstrap.servers: \(sentence)")
        let inFile = #expect(throws: ConfigurationError.self) {
            try ProducerConfiguration(text: "bootstrap.servers=\(list)")
        }
        #expect(inFile?.description == "producer.config:1: bootstrap.servers: \(sentence)")
    }

    @Test("a variable without a value is told once, by the setting that cannot be used without it")
    func unsetVariable() {
        let provider = "org.apache.kafka.common.config.provider.EnvVarConfigProvider"
        let error = #expect(throws: ConfigurationError.self) {
            try ProducerConfiguration(
                text: "config.providers=env\nconfig.providers.env.class=\(provider)\nbootstrap.servers=${env:NOPE}"
            )
        }
        #expect(
            error?.description
                == "producer.config:3: bootstrap.servers: ${env:NOPE} has no value: set it, or write the value itself"
        )
        #expect(error?.notices == [] && error?.further == [])
    }

    @Test(
        "a listener of another protocol is refused: nothing goes in plain text that was meant to be encrypted",
        arguments: [
            ("SSL://a:1", "is a listener of SSL, and security.protocol is PLAINTEXT; set security.protocol=SSL"),
            ("SASL_SSL://a:1", "is a listener of SASL_SSL, and security.protocol is PLAINTEXT; set"),
            ("sasl_plaintext://a:1", "is a listener of SASL_PLAINTEXT, and security.protocol is PLAINTEXT; set"),
            ("b:2,ssl://a:1", "\"ssl://a:1\" is a listener of SSL, and security.protocol is PLAINTEXT; set"),
            ("https://a:1", "names https://, which is no security protocol; write HOST:PORT"),
            ("EXTERNAL://a:1", "names EXTERNAL://, which is no security protocol; write HOST:PORT"),
        ]
    )
    func otherListeners(list: String, sentence: String) {
        for text in ["bootstrap.servers=\(list)", "bootstrap.servers=PLAINTEXT://c:3,\(list)"] {
            let error = #expect(throws: ConfigurationError.self) { try ProducerConfiguration(text: text) }
            #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
            #expect(error?.origin?.description == "producer.config:1")
        }
    }

    @Test("a listener of the protocol that is set is taken, and another is not")
    func sameListener() throws {
        let text = "security.protocol=ssl\nbootstrap.servers=SSL://a:1,b:2,ssl://[::1]:3"
        #expect(try ProducerConfiguration(text: text).bootstrapServers.map(\.description) == ["a:1", "b:2", "[::1]:3"])
        let error = #expect(throws: ConfigurationError.self) {
            try ProducerConfiguration(text: "security.protocol=SSL\nbootstrap.servers=PLAINTEXT://a:1")
        }
        #expect(error?.description.contains("is a listener of PLAINTEXT, and security.protocol is SSL; set") == true)
    }
}
