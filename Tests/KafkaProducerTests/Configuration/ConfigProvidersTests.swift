// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Testing

/// Variables in values, and where they come from.
@Suite("config.providers")
struct ConfigProvidersTests {
    private static let package = "org.apache.kafka.common.config.provider"
    private static let providers = """
        config.providers=env, file,dir
        config.providers.env.class=\(package).EnvVarConfigProvider
        config.providers.file.class=\(package).FileConfigProvider
        config.providers.dir.class=\(package).DirectoryConfigProvider

        """
    private static let environment = TestEnvironment(
        variables: ["NAME": "blue", "LINGER": "20", "SECRET": "s"],
        files: [
            "/etc/kafka/client.properties": "name = grün\nempty=\nlinger.ms=30",
            "/run/secrets/name": "from directory",
            "/run/secrets/deep/name": "deep",
            "/opt/other": "name=x",
        ]
    )

    private func clientID(_ value: String, _ more: String = "") throws -> String {
        let text = Self.providers + more + "\nclient.id=\(value)"
        return try ProducerConfiguration(text: text, environment: Self.environment).clientID
    }

    @Test(
        "variables are filled in by the provider they name",
        arguments: [
            ("${env:NAME}", "blue"),
            ("a-${env:NAME}-${env:NAME}-z", "a-blue-blue-z"),
            ("${file:/etc/kafka/client.properties:name}", "grün"),
            ("[${file:/etc/kafka/client.properties:empty}]", "[]"),
            ("${dir:/run/secrets:name}", "from directory"),
            ("${dir:/run/secrets/:name}", "from directory"),
        ]
    )
    func filledIn(value: String, expected: String) throws {
        #expect(try clientID(value) == expected)
    }

    @Test(
        "what has no value stays as it is written",
        arguments: [
            "${env:ABSENT}", "${vault:NAME}", "${NAME}", "$NAME", "${", "${env:NAME", "$", "${env}",
            "${dir:/run/secrets:absent}", "${dir:/run/secrets:deep}", "${dir:/run/secrets:deep/name}",
            "${file:/etc/kafka/client.properties:absent}", "${file::name}",
        ]
    )
    func left(value: String) throws {
        #expect(try clientID(value) == value)
    }

    @Test("a variable without a value is told")
    func told() throws {
        let configuration = try ProducerConfiguration(
            text: Self.providers + "client.id=${env:ABSENT}",
            environment: Self.environment
        )
        let expected = "producer.config:5: ${env:ABSENT} in client.id has no value"
        #expect(configuration.notices.map(\.description) == [expected])
    }

    @Test("a variable is told whose provider config.providers does not name, but none of a password")
    func providerNotNamed() throws {
        let configuration = try ProducerConfiguration(
            text: "bootstrap.servers=a:1\nclient.id=${env:NAME}${vault:x}\nssl.key.password=${env:NAME}",
            environment: Self.environment
        )
        let expected =
            "producer.config:2: ${env:NAME} in client.id is not filled in, because config.providers does not name env"
        let told = configuration.notices.map(\.description).filter { $0.contains("${") }
        #expect(told == [expected] && configuration.clientID == "${env:NAME}${vault:x}")
    }

    @Test("a value that a variable brought is checked and typed like any other, with its origin")
    func typed() throws {
        let text = Self.providers + "linger.ms=${env:LINGER}"
        let configuration = try ProducerConfiguration(text: text, environment: Self.environment)
        #expect(configuration.linger == .milliseconds(20))
        let error = #expect(throws: ConfigurationError.self) {
            try ProducerConfiguration(
                text: Self.providers + "linger.ms=${env:NAME}",
                environment: Self.environment
            )
        }
        #expect(
            error?.description
                == "producer.config:5: Invalid value blue for configuration linger.ms: Not a number of type LONG"
        )
    }

    @Test("a variable in a value that a variable brought is left alone")
    func once() throws {
        var environment = Self.environment
        environment.variables["OUTER"] = "${env:NAME}"
        let text = Self.providers + "client.id=${env:OUTER}"
        #expect(try ProducerConfiguration(text: text, environment: environment).clientID == "${env:NAME}")
    }

    @Test("only the variables that the pattern allows are shown")
    func allowlist() throws {
        let pattern = "config.providers.env.param.allowlist.pattern=NA.*"
        #expect(try clientID("${env:NAME}", pattern) == "blue")
        #expect(try clientID("${env:SECRET}", pattern) == "${env:SECRET}")
        let half = "config.providers.env.param.allowlist.pattern=NA"
        #expect(try clientID("${env:NAME}", half) == "${env:NAME}")
    }

    @Test("only files below an allowed path are read, whatever way the path takes")
    func allowedPaths() throws {
        let allowed = "config.providers.file.param.allowed.paths=/etc/./kafka/,/run"
        #expect(try clientID("${file:/etc/kafka/client.properties:name}", allowed) == "grün")
        #expect(try clientID("${file:/run/../etc/kafka/client.properties:name}", allowed) == "grün")
        for path in ["/opt/other", "/etc/kafka/../../opt/other", "/etc/kafka2", "etc/kafka/client.properties"] {
            let variable = "${file:\(path):name}"
            let text = Self.providers + "\(allowed)\nclient.id=\(variable)"
            let configuration = try ProducerConfiguration(text: text, environment: Self.environment)
            #expect(configuration.clientID == variable)
            #expect(configuration.notices.map(\.message) == ["\(variable) in client.id is not allowed to be read"])
        }
    }

    @Test(
        "what is wrong with a provider is an error that names it",
        arguments: [
            (
                "config.providers=x\nconfig.providers.x.class=com.example.Vault",
                "Invalid value com.example.Vault for configuration config.providers.x.class: "
                    + "Could not load config provider class or one of its dependencies"
            ),
            ("config.providers.file.param.allowed.paths=etc", "Path etc is not absolute"),
            ("config.providers.dir.param.allowed.paths=/absent", "Path /absent does not exist"),
            (
                "config.providers.env.param.allowlist.pattern=(",
                "Invalid value ( for configuration config.providers.env.param.allowlist.pattern: not a regular expression"
            ),
            ("client.id=${env:path:NAME}", "Path is not supported for EnvVarConfigProvider, invalid value 'path'"),
            ("client.id=${file:/absent:name}", "Could not read properties from file /absent"),
        ]
    )
    func errors(text: String, message: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try ProducerConfiguration(text: Self.providers + text, environment: Self.environment)
        }
        #expect(error?.javaMessage == message)
        #expect(error?.origin?.source == "producer.config")
    }

    @Test("without config.providers nothing is filled in, and that is told")
    func none() throws {
        let configuration = try ProducerConfiguration(text: "client.id=${env:NAME}", environment: Self.environment)
        #expect(configuration.clientID == "${env:NAME}")
        #expect(configuration.notices.map(\.key) == ["client.id"])
    }

    @Test("a provider without a class is told, once")
    func classless() throws {
        let configuration = try ProducerConfiguration(text: "config.providers=env\nclient.id=${env:NAME}")
        let expected = "config.providers names env, but config.providers.env.class is not set"
        #expect(configuration.notices.map(\.message) == [expected])
    }
}
