// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import Testing

/// Kafka's own Java client against the embedded broker's secured listeners: by what it does with them they are as Kafka's.
@Suite("Kafka's Java client", .needsPeers, .timeLimit(.minutes(10)))
struct JavaClientTests {
    private static let password = "dev's secret, with = and ,"

    private static func trust(_ secured: SecuredBroker) -> [String: String] {
        [
            "security.protocol": "SSL", "ssl.truststore.type": "PEM",
            "ssl.truststore.location": secured.folder.path + "/ca.pem",
        ]
    }

    private static func login(_ mechanism: String, _ module: String, _ secured: SecuredBroker) -> [String: String] {
        trust(secured).merging([
            "security.protocol": "SASL_SSL", "sasl.mechanism": mechanism,
            "sasl.jaas.config": "org.apache.kafka.common.security.\(module) required "
                + (mechanism == "OAUTHBEARER"
                    ? "unsecuredLoginStringClaim_sub=\"dev\";" : "username=\"dev\" password=\"\(password)\";")
                ,
        ]) { $1 }
    }

    private static func broker(lifetime: Duration? = nil) async throws -> SecuredBroker {
        try await SecuredBroker { security, _ in
            security.mechanisms = EmbeddedBroker.SASLMechanism.allCases
            security.users = ["dev": password]
            security.sessionLifetime = lifetime
            security.permissions = [try Permission(parsing: "User:dev All Topic:*")]
            security.permissions.append(try Permission(parsing: "User:dev All Cluster"))
        }
    }

    @Test("produces and consumes over SSL, with the broker's host verified")
    func ssl() async throws {
        let secured = try await SecuredBroker { _, _ in }
        let finished = try await JavaClient.run("t", at: secured.bootstrap, settings: Self.trust(secured))
        #expect(try JavaClient.account(of: finished).values == ["value 0"])
        let strangers = ["security.protocol": "SSL"]
        let refused = try await JavaClient.run("t", at: secured.bootstrap, settings: strangers)
        #expect(refused.status == 1 && refused.errorText.contains("SslAuthenticationException"), "\(refused)")
        await secured.broker.stop()
    }

    @Test("shows its certificate, which names its principal, and is refused without one")
    func mutual() async throws {
        let secured = try await SecuredBroker { security, authority in
            security.tls?.clientCA = .text(authority.identity.certificate)
            security.permissions = [
                try Permission(parsing: "User:CN=client one All Topic:*"),
                try Permission(parsing: "User:CN=client one All Cluster"),
            ]
        }
        let with = Self.trust(secured).merging([
            "ssl.keystore.type": "PEM", "ssl.keystore.location": secured.folder.path + "/client.keystore.pem",
        ]) { $1 }
        let finished = try await JavaClient.run("t", at: secured.bootstrap, settings: with)
        #expect(try JavaClient.account(of: finished).values == ["value 0"])
        let without = try await JavaClient.run("t", at: secured.bootstrap, settings: Self.trust(secured))
        #expect(without.status == 1 && without.errorText.contains("SslAuthenticationException"), "\(without)")
        await secured.broker.stop()
    }

    @Test(
        "logs in by each mechanism over TLS",
        arguments: [
            ("PLAIN", "plain.PlainLoginModule"), ("SCRAM-SHA-256", "scram.ScramLoginModule"),
            ("SCRAM-SHA-512", "scram.ScramLoginModule"), ("OAUTHBEARER", "oauthbearer.OAuthBearerLoginModule"),
        ]
    )
    func login(mechanism: String, module: String) async throws {
        let secured = try await Self.broker()
        let settings = Self.login(mechanism, module, secured)
        let finished = try await JavaClient.run("t", at: secured.bootstrap, settings: settings)
        let account = try JavaClient.account(of: finished)
        #expect(account.values == ["value 0"])
        // A connection that was made last may be about to log in when the client is closed.
        #expect(account.logins >= 2 && account.renewals == 0, "\(finished)")
        #expect([0, 1].contains(account.connections - account.logins), "\(finished)")
        await secured.broker.stop()
    }

    @Test("is refused with a wrong password, in the broker's words", arguments: ["PLAIN", "SCRAM-SHA-512"])
    func refused(mechanism: String) async throws {
        let secured = try await Self.broker()
        let module = mechanism == "PLAIN" ? "plain.PlainLoginModule" : "scram.ScramLoginModule"
        let settings = Self.login(mechanism, module, secured).mapValues {
            $0.replacing("password=\"", with: "password=\"not ")
        }
        let finished = try await JavaClient.run("t", at: secured.bootstrap, settings: settings)
        #expect(finished.status == 1, "\(finished)")
        #expect(finished.errorText.contains("SaslAuthenticationException: Authentication failed"), "\(finished)")
        await secured.broker.stop()
    }

    @Test("logs in again on its connections as long as it sends", arguments: ["PLAIN", "SCRAM-SHA-256"])
    func renewed(mechanism: String) async throws {
        let secured = try await Self.broker(lifetime: .milliseconds(1200))
        let module = mechanism == "PLAIN" ? "plain.PlainLoginModule" : "scram.ScramLoginModule"
        let arguments = ["--count", "12", "--pause", "300"]
        let settings = Self.login(mechanism, module, secured)
        let finished = try await JavaClient.run("t", at: secured.bootstrap, settings: settings, arguments)
        let account = try JavaClient.account(of: finished)
        #expect(account.values == (0..<12).map { "value \($0)" })
        #expect(account.renewals >= 1, "\(finished)")
        await secured.broker.stop()
    }
}
