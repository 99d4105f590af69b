// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Testing
import Vectors

/// Settings files as they are handed out for secured clusters, on the built command against the embedded broker.
@Suite("Secured clusters", .takesTurns, .timeLimit(.minutes(10)))
struct SecuredClusterTests {
    private static let password = "alice's \"secret\" \\"
    private static let package = "org.apache.kafka.common.security"

    private static func store(_ name: String) -> String { VectorFolder.sharedURL(of: "keystores/\(name)").path }

    private static func security(
        _ mechanisms: [EmbeddedBroker.SASLMechanism],
        tls: Bool = true,
        asksForCertificate: Bool = false
    ) -> EmbeddedBroker.Security {
        var security = EmbeddedBroker.Security()
        if tls {
            security.tls = .init(certificate: .file(store("server.pem")), key: .file(store("server.key")))
            if asksForCertificate { security.tls?.clientCA = .file(store("ca.pem")) }
        }
        security.mechanisms = mechanisms
        if mechanisms.contains(where: { $0 != .oauthBearer }) { security.users = ["alice": password] }
        return security
    }

    /// The value of `sasl.jaas.config` in a properties file, which takes one level of backslashes away.
    private static func jaas(_ module: String) -> String {
        let quoted = password.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\(package).\(module) required username=\"alice\" password=\"\(quoted)\";".replacing("\\", with: "\\\\")
    }

    /// A settings file, and the broker that it is for.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let security: EmbeddedBroker.Security
        let settings: [String]
        var arguments: [String] = []
    }

    private static let trustPEM = ["ssl.truststore.type=PEM", "ssl.truststore.location=\(store("ca.pem"))"]

    private static let cases: [Case] = [
        Case(
            testDescription: "Confluent Cloud: SASL_SSL, PLAIN",
            security: security([.plain]),
            settings: [
                "security.protocol=SASL_SSL", "sasl.mechanism=PLAIN",
                "sasl.jaas.config=\(jaas("plain.PlainLoginModule"))", "client.dns.lookup=use_all_dns_ips",
            ] + trustPEM
        ),
        Case(
            testDescription: "Aiven: mTLS with PKCS12 and JKS",
            security: security([], asksForCertificate: true),
            settings: [
                "security.protocol=SSL", "ssl.endpoint.identification.algorithm=https",
                "ssl.truststore.location=\(store("trust.jks"))", "ssl.truststore.password=store-pass",
                "ssl.keystore.type=PKCS12", "ssl.keystore.location=\(store("client.p12"))",
                "ssl.keystore.password=store-pass", "ssl.key.password=store-pass",
            ]
        ),
        Case(
            testDescription: "mTLS with JKS, and PKCS12 under the name of JKS",
            security: security([], asksForCertificate: true),
            settings: [
                "security.protocol=SSL", "ssl.truststore.location=\(store("trust.p12"))",
                "ssl.truststore.password=store-pass", "ssl.keystore.location=\(store("client.jks"))",
                "ssl.keystore.password=store-pass",
            ]
        ),
        Case(
            testDescription: "mTLS with PEM",
            security: security([], asksForCertificate: true),
            settings: [
                "security.protocol=SSL", "ssl.keystore.type=PEM",
                "ssl.keystore.location=\(store("client.keystore.pem"))", "ssl.enabled.protocols=TLSv1.2",
            ] + trustPEM
        ),
        Case(
            testDescription: "Strimzi: SASL_SSL, SCRAM-SHA-512, PEM",
            security: security([.scramSHA512]),
            settings: [
                "security.protocol=SASL_SSL", "sasl.mechanism=SCRAM-SHA-512",
                "sasl.jaas.config=\(jaas("scram.ScramLoginModule"))", "ssl.protocol=TLSv1.3",
            ] + trustPEM
        ),
        Case(
            testDescription: "SASL_PLAINTEXT, SCRAM-SHA-256",
            security: security([.scramSHA256], tls: false),
            settings: [
                "security.protocol=SASL_PLAINTEXT", "sasl.mechanism=SCRAM-SHA-256",
                "sasl.jaas.config=\(jaas("scram.ScramLoginModule"))",
            ]
        ),
        Case(
            testDescription: "SASL_PLAINTEXT, OAUTHBEARER without a handler",
            security: security([.oauthBearer], tls: false),
            settings: [
                "security.protocol=SASL_PLAINTEXT", "sasl.mechanism=OAUTHBEARER",
                "sasl.jaas.config=\(package).oauthbearer.OAuthBearerLoginModule required "
                    + "unsecuredLoginStringClaim_sub=\"alice\";",
            ]
        ),
        Case(
            testDescription: "--user and --password-file alone",
            security: security([.scramSHA512]),
            settings: trustPEM,
            arguments: ["--user", "alice", "--password-file"]
        ),
    ]

    @Test("a settings file of each kind delivers as it is, and no secret is shown", arguments: cases)
    func delivers(_ secured: Case) async throws {
        let broker = try await EmbeddedBroker.started { $0.security = secured.security }
        let folder = try TemporaryDirectory()
        let file = try folder.write(secured.settings.joined(separator: "\n"), to: "client.properties")
        var arguments = secured.arguments
        if arguments.last == "--password-file" {
            arguments.append(try folder.write(Self.password + "\n", to: "password"))
        }
        let finished = try await KafkaProducerBinary.run(
            ["-b", broker.bootstrap, "-t", "t", "-c", file, "-v"] + arguments,
            input: .text("a\nb\n")
        )
        #expect(finished.status == 0, "\(finished)")
        #expect(try await broker.sent(to: "t") == [SentRecord("a"), SentRecord("b")])
        for secret in ["secret", "store-pass"] { #expect(!finished.errorText.contains(secret), "\(finished)") }
        await broker.stop()
    }

    @Test("a wrong password ends the run at once, with the broker's reason and status 3, and is not shown")
    func wrongPassword() async throws {
        let broker = try await EmbeddedBroker.started { $0.security = Self.security([.scramSHA512]) }
        let folder = try TemporaryDirectory()
        let file = try folder.write(Self.trustPEM.joined(separator: "\n"), to: "client.properties")
        let password = try folder.write("hush\n", to: "password")
        let finished = try await KafkaProducerBinary.run(
            ["-b", broker.bootstrap, "-t", "t", "-c", file, "--user", "alice", "--password-file", password],
            input: .text("a\n")
        )
        #expect(finished.status == 3, "\(finished)")
        #expect(finished.errorText.contains("refused the login of alice (SCRAM-SHA-512)"), "\(finished)")
        #expect(!finished.errorText.contains("hush"))
        await broker.stop()
    }

    @Test("a mechanism that the broker does not have is told with those that it has")
    func otherMechanism() async throws {
        let broker = try await EmbeddedBroker.started { $0.security = Self.security([.plain]) }
        let folder = try TemporaryDirectory()
        let file = try folder.write(Self.trustPEM.joined(separator: "\n"), to: "client.properties")
        let password = try folder.write(Self.password, to: "password")
        let arguments = ["-b", broker.bootstrap, "-t", "t", "-c", file, "--user", "alice", "--password-file", password]
        let refused = try await KafkaProducerBinary.run(arguments, input: .text("a\n"))
        #expect(refused.status == 3 && refused.errorText.contains("PLAIN"), "\(refused)")
        let taken = try await KafkaProducerBinary.run(arguments + ["-X", "sasl.mechanism=PLAIN"], input: .text("a\n"))
        #expect(taken.status == 0, "\(taken)")
        await broker.stop()
    }
}
