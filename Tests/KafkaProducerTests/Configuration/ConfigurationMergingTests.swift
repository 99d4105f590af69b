// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Testing

/// Settings of several sources, and what errors and effective values say about them.
@Suite("Merging settings")
struct ConfigurationMergingTests {
    private static let server = PropertySource(name: "-b", key: "bootstrap.servers", value: "localhost:9092")

    @Test("a later source wins over an earlier one, a later line over an earlier one")
    func precedence() throws {
        let file = try PropertySource(name: "a.config", contents: Array("linger.ms=1\nacks=1\nlinger.ms=2".utf8))
        let option = PropertySource(name: "-X", key: "acks", value: "0")
        let configuration = try ProducerConfiguration(merging: [Self.server, file, option])
        #expect(configuration.linger == .milliseconds(2))
        #expect(configuration.acks == .none)
        #expect(configuration.origin(of: "linger.ms")?.description == "a.config:3")
        #expect(configuration.origin(of: "acks")?.description == "-X")
        #expect(configuration.origin(of: "retries") == nil)
    }

    @Test("an error names key, value, rule and place")
    func error() throws {
        let file = try PropertySource(name: "a.config", contents: Array("\n\nlinger.ms = -1".utf8))
        let error = #expect(throws: ConfigurationError.self) {
            try ProducerConfiguration(merging: [Self.server, file])
        }
        #expect(error?.key == "linger.ms")
        #expect(error?.value == "-1")
        #expect(error?.rule == "Value must be at least 0")
        #expect(error?.origin == PropertyOrigin(source: "a.config", line: 3))
        #expect(
            error?.description == "a.config:3: Invalid value -1 for configuration linger.ms: Value must be at least 0"
        )
    }

    @Test("a malformed file is an error with its line, and says how to write a backslash")
    func malformed() {
        let error = #expect(throws: ConfigurationError.self) {
            try PropertySource(name: "a.config", contents: Array("a=1\nb=\\u00".utf8))
        }
        #expect(error?.javaMessage == "Malformed \\uxxxx encoding.")
        #expect(
            error?.description
                == "a.config:2: Malformed \\uxxxx encoding. \\u begins the number of a character in a settings file: write "
                + "\\\\ for a backslash, or / in the names of files"
        )
    }

    @Test("a file that is not there is an error that says so")
    func absent() {
        let error = #expect(throws: ConfigurationError.self) {
            try PropertySource(contentsOfFile: "/absent/producer.config")
        }
        #expect(
            error?.description == "cannot read settings file /absent/producer.config: No such file or directory"
        )
    }

    @Test("without a bootstrap server nothing is built")
    func noServer() {
        let error = #expect(throws: ConfigurationError.self) { try ProducerConfiguration(merging: []) }
        #expect(error?.key == "bootstrap.servers")
        #expect(
            error?.javaMessage == "Missing required configuration \"bootstrap.servers\" which has no default value."
        )
    }

    @Test("every key has an effective value, and no secret is among them")
    func effective() throws {
        let configuration = try ProducerConfiguration(text: "ssl.key.password= hush \nsasl.jaas.config=hush")
        #expect(configuration.effectiveValues.map(\.key) == ProducerConfigKey.all.map(\.name))
        #expect(configuration.effective("ssl.key.password") == "[hidden]")
        #expect(configuration.effective("sasl.jaas.config") == "[hidden]")
        #expect(!configuration.effectiveValues.contains { $0.description.contains("hush") })
        #expect(!configuration.notices.contains { $0.description.contains("hush") })
    }

    @Test("the defaults of a file that sets nothing are those of a configuration made in code")
    func defaults() throws {
        let read = try ProducerConfiguration(text: "")
        let made = ProducerConfiguration(bootstrapServers: [BootstrapServer(host: "localhost", port: 9092)])
        let described = { (configuration: ProducerConfiguration) in
            Mirror(reflecting: configuration).children
                .filter { $0.label != "merged" }
                .map { "\($0.label ?? ""): \($0.value)" }
        }
        #expect(described(read) == described(made))
    }

    @Test("blanks around values are dropped, numbers may have a sign")
    func trimmed() throws {
        let configuration = try ProducerConfiguration(
            text: "acks = 1 \\u0020\nlinger.ms=\\u0009+7\\u0009\nclient.id=\\  a b \\u0000\n"
                + "enable.idempotence=\\ False "
        )
        #expect(configuration.acks == .leader)
        #expect(configuration.linger == .milliseconds(7))
        #expect(configuration.clientID == "a b")
        #expect(configuration.idempotence == .off)
    }

    @Test(
        "an empty list entry is refused, repeated ones count once",
        arguments: [
            ("a:1,,b:2", "Configuration 'bootstrap.servers' values must not be empty."),
            ("a:1,", "Configuration 'bootstrap.servers' values must not be empty."),
            (
                " ",
                "Configuration 'bootstrap.servers' must not be empty. Valid values include: any non-empty value"
            ),
        ]
    )
    func lists(value: String, message: String) throws {
        let error = #expect(throws: ConfigurationError.self) {
            try ProducerConfiguration(merging: [PropertySource(name: "-b", key: "bootstrap.servers", value: value)])
        }
        #expect(error?.javaMessage == message)
        let repeated = PropertySource(name: "-b", key: "bootstrap.servers", value: "a:1 ,b:2,\ta:1")
        #expect(try ProducerConfiguration(merging: [repeated]).bootstrapServers.map(\.description) == ["a:1", "b:2"])
    }

    @Test(
        "bootstrap servers are read as the Java client reads them",
        arguments: [
            ("localhost:9092", "localhost", 9092), ("[::1]:9092", "::1", 9092), ("::1:9092", "::1", 9092),
            ("PLAINTEXT://kafka-1.example.com:9092", "kafka-1.example.com", 9092), ("://a:1", "a", 1),
            ("[fe80::1%eth0]:65535", "fe80::1%eth0", 65_535), ("my_host:0", "my_host", 0), (":9092", "localhost", 9092),
            ("plaintext://a:1", "a", 1),
        ]
    )
    func servers(text: String, host: String, port: Int) throws {
        #expect(try BootstrapServer(text) == BootstrapServer(host: host, port: port))
    }

    @Test(
        "what is no server is refused in the Java client's words",
        arguments: [
            ("localhost", "Invalid url in bootstrap.servers: localhost"),
            ("localhost:", "Invalid url in bootstrap.servers: localhost:"),
            ("a b:1", "Invalid url in bootstrap.servers: a b:1"),
            ("a/b:1", "Invalid url in bootstrap.servers: a/b:1"),
            ("http://a:1/", "Invalid url in bootstrap.servers: http://a:1/"),
            ("a:-1", "Invalid url in bootstrap.servers: a:-1"),
            ("a:65536", "Invalid port in bootstrap.servers: a:65536"),
            ("a:99999999999999999999", "Invalid port in bootstrap.servers: a:99999999999999999999"),
        ]
    )
    func refusedServers(text: String, message: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try ProducerConfiguration(merging: [PropertySource(name: "-b", key: "bootstrap.servers", value: text)])
        }
        #expect(error?.javaMessage == message)
    }
}
