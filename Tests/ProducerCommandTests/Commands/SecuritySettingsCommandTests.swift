// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Security settings on the built command: what is wrong is told before anything is read, and no secret is shown.
@Suite("Security settings of the command", .takesTurns, .timeLimit(.minutes(10)))
struct SecuritySettingsCommandTests {
    private static let security = "org.apache.kafka.common.security"
    private static let secrets = ["hush-1", "hush-2", "hush-3"]
    private static let plain =
        "\(security).plain.PlainLoginModule required username=\"alice\" password=\"\(secrets[0])\";"

    /// Runs with a settings file, and with input that must not be touched.
    private static func run(_ settings: String, _ arguments: [String] = []) async throws -> (String, FinishedProcess) {
        let folder = try TemporaryDirectory()
        let file = try folder.write(
            "bootstrap.servers=127.0.0.1:1\nmax.block.ms=100\n" + settings,
            to: "client.properties"
        )
        let finished = try await KafkaProducerBinary.run(
            ["-t", "t", "-c", file, "-v"] + arguments,
            input: .text("never read\n")
        )
        for secret in secrets { #expect(!finished.errorText.contains(secret) && !finished.outputText.contains(secret)) }
        #expect(!finished.errorText.contains("never read"))
        return (file, finished)
    }

    @Test(
        "what is wrong is status 2 and one line with the file and the line, and shows no secret",
        arguments: [
            ("security.protocol=SASL_SSL", 3, "sasl.jaas.config is not set"),
            (
                "security.protocol=SASL_SSL\nsasl.jaas.config=\(plain)", 3,
                "sasl.mechanism is not set, and its default GSSAPI"
            ),
            (
                "security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=\(plain.dropLast())", 5,
                "sasl.jaas.config: it must end with a semicolon"
            ),
            (
                "security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=\(plain.replacing("required", with: ""))",
                5, "sasl.jaas.config: required, requisite, sufficient or optional must stand at character"
            ),
            (
                "security.protocol=SSL\nssl.truststore.location=/no/such\nssl.truststore.password=hush-1", 4,
                "No such file"
            ),
            (
                "security.protocol=SSL\nssl.truststore.type=PEM\nssl.truststore.certificates=hush-1", 5,
                "truststore.certificates"
            ),
            (
                "security.protocol=SSL\nssl.keystore.type=PEM\nssl.keystore.key=hush-1\nssl.keystore.certificate.chain=hush-2\n"
                    + "ssl.key.password=hush-3", 5, "ssl.keystore.key"
            ),
            ("security.protocol=SSL\nssl.keystore.password=hush-1", 4, "SSL key store is not specified, but key store"),
            ("security.protocol=SSL\nssl.enabled.protocols=TLSv1", 4, "ssl.enabled.protocols=TLSv1 is not safe"),
            ("sasl.password=hush-1", 3, "sasl.password is not a setting of Kafka's producer"),
            ("sasl.jaas.confg=\(plain)", 3, "sasl.jaas.confg is not a setting of Kafka's producer"),
        ] as [(String, Int, String)]
    )
    func refused(settings: String, line: Int, expected: String) async throws {
        let (file, finished) = try await Self.run(settings)
        #expect(finished.status == 2, "\(finished)")
        let errors = finished.errorLines.filter { $0.hasPrefix("kafka-producer: error: ") }
        #expect(errors.count == 1, "\(finished)")
        #expect(errors.first?.hasPrefix("kafka-producer: error: \(file):\(line): ") == true, "\(finished)")
        #expect(errors.first?.contains(expected) == true, "\(finished)")
        #expect(finished.output.isEmpty)
    }

    @Test("a password that was typed is warned of and not shown; effective values have it hidden")
    func typed() async throws {
        let (_, finished) = try await Self.run(
            "",
            [
                "-X", "security.protocol=SASL_PLAINTEXT", "-X", "sasl.mechanism=PLAIN", "-X",
                "sasl.jaas.config=\(Self.plain)",
            ]
        )
        #expect(finished.status == 3)
        let warnings = finished.errorLines.filter { $0.hasPrefix("kafka-producer: warning: -X: ") }
        #expect(warnings.contains { $0.contains("everyone on this machine can see the command line") }, "\(finished)")
        #expect(warnings.contains { $0.contains("sends the password in clear text") })
        #expect(finished.errorLines.contains { $0.contains("sasl.jaas.config = [hidden] (-X)") })
    }

    @Test("a settings file with a password that others can read is warned of; after chmod it is not")
    func file() async throws {
        let folder = try TemporaryDirectory()
        let text = "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=SCRAM-SHA-256\nsasl.jaas.config=\(Self.plain)\n"
        let file = try folder.write(text, to: "client.properties")
        let arguments = ["-t", "t", "-b", "127.0.0.1:1", "-X", "max.block.ms=100", "-c", file]
        for (mode, isWarned) in [(0o644, true), (0o640, true), (0o600, false)] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
            let finished = try await KafkaProducerBinary.run(arguments)
            #expect(finished.status == 3)
            let warning =
                "kafka-producer: warning: \(file):3: others can read this file, and the password in sasl.jaas.config"
            #expect(finished.errorLines.contains { $0.hasPrefix(warning) } == isWarned, "\(finished)")
            #expect(!finished.errorText.contains(Self.secrets[0]))
        }
    }

    @Test("a login that gets no token is status 3 with its reason, before anything is read")
    func noToken() async throws {
        let folder = try TemporaryDirectory()
        let token = try folder.write("\(Self.secrets[0])\n", to: "token")
        let (_, finished) = try await Self.run(
            """
            security.protocol=SASL_PLAINTEXT
            sasl.mechanism=OAUTHBEARER
            sasl.jaas.config=\(Self.security).oauthbearer.OAuthBearerLoginModule required;
            sasl.login.callback.handler.class=\(Self.security).oauthbearer.OAuthBearerLoginCallbackHandler
            sasl.oauthbearer.token.endpoint.url=file:\(token)
            """
        )
        #expect(finished.status == 3, "\(finished)")
        let errors = finished.errorLines.filter { $0.hasPrefix("kafka-producer: error: ") }
        #expect(errors.count == 1, "\(finished)")
        #expect(errors.first?.hasPrefix("kafka-producer: error: the login is not possible: ") == true, "\(finished)")
        #expect(errors.first?.contains(token) == true, "\(finished)")
    }

    @Test("a password file is taken with --user, and what is wrong with it is status 2")
    func passwordFile() async throws {
        let folder = try TemporaryDirectory()
        let file = try folder.write("\(Self.secrets[0])\n", to: "password")
        let (_, taken) = try await Self.run(
            "security.protocol=SASL_PLAINTEXT",
            ["--user", "alice", "--password-file", file]
        )
        #expect(taken.status == 3, "\(taken)")
        #expect(taken.errorLines.contains { $0.contains("sasl.jaas.config = [hidden] (--user)") })
        #expect(
            taken.errorLines.contains { $0.contains("--password-file \(file): others can read this file: chmod 600") }
        )
        let (_, missing) = try await Self.run("", ["--user", "alice", "--password-file", "/no/such"])
        #expect(missing.status == 2)
        #expect(
            missing.errorLines.contains("kafka-producer: error: --password-file /no/such: No such file or directory")
        )
        let (_, plaintext) = try await Self.run("security.protocol=SSL", ["--user", "alice", "--password-file", file])
        #expect(plaintext.status == 2 && plaintext.errorText.contains("and --user is for a login"))
    }
}
