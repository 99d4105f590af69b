// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Logging
import Testing

/// The embedded broker's secured listeners, by clients that are not this project's: kcat and confluent-kafka on librdkafka
/// and OpenSSL.
@Suite("Secured listeners", .needsPeers, .timeLimit(.minutes(10)))
struct SecuredListenerTests {
    private static let password = "dev's secret, with = and ,"

    /// A broker of this process with a certificate of a CA of its own, and the files that clients need.
    private final class Secured: Sendable {
        let broker: EmbeddedBroker
        let folder: TemporaryDirectory
        let authority: CertificateAuthority

        init(_ configure: (inout EmbeddedBroker.Security, CertificateAuthority) throws -> Void) async throws {
            folder = try TemporaryDirectory()
            authority = try CertificateAuthority()
            let server = try authority.server(hosts: ["localhost", "127.0.0.1"])
            let client = try authority.client(name: "client one")
            try folder.write(authority.identity.certificate, to: "ca.pem")
            try folder.write(client.certificate, to: "client.pem")
            try folder.write(client.key, to: "client.key")
            var configuration = EmbeddedBroker.Configuration()
            configuration.security.tls = EmbeddedBroker.TLS(
                certificate: .text(server.certificate),
                key: .text(server.key)
            )
            try configure(&configuration.security, authority)
            broker = try await EmbeddedBroker.start(
                configuration,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
        }

        var bootstrap: String { broker.bootstrapServers.joined(separator: ",") }

        /// librdkafka's settings for a client that trusts the CA.
        func settings(_ more: [String: String] = [:]) -> [String] {
            let all = ["ssl.ca.location": folder.path + "/ca.pem"].merging(more) { $1 }
            return all.sorted { $0.key < $1.key }.flatMap { ["-X", "\($0.key)=\($0.value)"] }
        }

        var clientCertificate: [String: String] {
            [
                "ssl.certificate.location": folder.path + "/client.pem",
                "ssl.key.location": folder.path + "/client.key",
            ]
        }

        /// Sends values and reads them back, by confluent-kafka.
        func roundTrip(_ settings: [String: String], _ arguments: [String] = []) async throws -> FinishedProcess {
            let words = [try TestTools.path("secured.py"), "--bootstrap", bootstrap, "--topic", "t"] + arguments
            return try await ChildProcess.run(
                TestTools.path("venv/bin/python"),
                words + self.settings(settings),
                input: .nothing
            )
        }
    }

    private static func login(_ mechanism: String, _ password: String = password) -> [String: String] {
        [
            "security.protocol": "SASL_SSL", "sasl.mechanism": mechanism, "sasl.username": "dev",
            "sasl.password": password,
        ]
    }

    @Test("kcat produces and consumes over SSL")
    func kcat() async throws {
        let secured = try await Secured { _, _ in }
        let settings = secured.settings(["security.protocol": "SSL"])
        try await Kcat.produce(.bytes(Array("one\ntwo\n".utf8)), to: "t", at: secured.bootstrap, arguments: settings)
        let records = try await Kcat.read("t", from: secured.bootstrap, arguments: settings)
        #expect(records.map(\.value) == [Data("one".utf8), Data("two".utf8)])
        await secured.broker.stop()
    }

    @Test("a client certificate that is required must be there, and signed by the CA", arguments: [true, false])
    func mutual(isRequired: Bool) async throws {
        let secured = try await Secured { security, authority in
            security.tls?.clientCA = .text(authority.identity.certificate)
            security.tls?.clientAuthentication = isRequired ? .required : .requested
            security.permissions = [
                try Permission(parsing: "User:CN=client one All Topic:*"),
                try Permission(parsing: "User:CN=client one All Cluster"),
                // A consumer of librdkafka looks for its group's coordinator, though it needs none.
                try Permission(parsing: "User:CN=client one Describe Group:*"),
            ]
        }
        let with = secured.clientCertificate.merging(["security.protocol": "SSL"]) { $1 }
        let finished = try await secured.roundTrip(with)
        #expect(finished.outputLines == ["value 0"], "\(finished)")
        // Without one there is no connection, or no right.
        let without = try await secured.roundTrip(["security.protocol": "SSL", "message.timeout.ms": "3000"])
        #expect(without.status == 1)
        #expect(without.errorText.contains(isRequired ? "certificate required" : "authorization"), "\(without)")
        await secured.broker.stop()
    }

    @Test(
        "confluent-kafka logs in by each mechanism with a password, and a wrong one is refused",
        arguments: ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]
    )
    func password(mechanism: String) async throws {
        let secured = try await Secured { security, _ in
            security.mechanisms = EmbeddedBroker.SASLMechanism.allCases
            security.users = ["dev": Self.password]
        }
        let finished = try await secured.roundTrip(Self.login(mechanism), ["--count", "3"])
        #expect(finished.outputLines == ["value 0", "value 1", "value 2"], "\(finished)")
        let refused = try await secured.roundTrip(Self.login(mechanism, "wrong"))
        #expect(refused.status == 1)
        #expect(refused.errorText.contains("Authentication failed"), "\(refused)")
        await secured.broker.stop()
    }

    @Test("kcat logs in by PLAIN and consumes what confluent-kafka wrote")
    func kcatPlain() async throws {
        let secured = try await Secured { security, _ in
            security.mechanisms = [.plain]
            security.users = ["dev": Self.password]
        }
        _ = try await secured.roundTrip(Self.login("PLAIN"))
        let settings = secured.settings(Self.login("PLAIN"))
        let records = try await Kcat.read("t", from: secured.bootstrap, arguments: settings)
        #expect(records.map(\.value) == [Data("value 0".utf8)])
        await secured.broker.stop()
    }

    @Test("confluent-kafka logs in with unsecured tokens, and one that has expired is refused", arguments: [60, -60])
    func token(lifetime: Int) async throws {
        let secured = try await Secured { security, _ in security.mechanisms = [.oauthBearer] }
        let settings = ["security.protocol": "SASL_SSL", "sasl.mechanism": "OAUTHBEARER"]
        let finished = try await secured.roundTrip(settings, ["--token", "alice", "\(lifetime)"])
        if lifetime > 0 {
            #expect(finished.outputLines == ["value 0"], "\(finished)")
        } else {
            #expect(finished.status == 1)
        }
        await secured.broker.stop()
    }

    @Test("a login is renewed on its connection as long as records come", arguments: ["PLAIN", "SCRAM-SHA-512"])
    func renewal(mechanism: String) async throws {
        let secured = try await Secured { security, _ in
            security.mechanisms = [.plain, .scramSHA512]
            security.users = ["dev": Self.password]
            security.sessionLifetime = .milliseconds(1500)
        }
        let arguments = ["--count", "12", "--pause", "0.3"]
        let finished = try await secured.roundTrip(Self.login(mechanism), arguments)
        #expect(finished.outputLines == (0..<12).map { "value \($0)" }, "\(finished)")
        await secured.broker.stop()
    }

    @Test("a topic that the user may not write to is refused")
    func permissions() async throws {
        let secured = try await Secured { security, _ in
            security.mechanisms = [.plain]
            security.users = ["dev": Self.password]
            security.permissions = [try Permission(parsing: "User:dev Write Topic:other-*")]
        }
        let refused = try await secured.roundTrip(Self.login("PLAIN"))
        #expect(refused.status == 1)
        #expect(refused.errorText.contains("authorization failed"), "\(refused)")
        await secured.broker.stop()
    }
}
