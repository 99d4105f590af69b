// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Testing

/// The embedded broker's secured listeners, by clients that are not this project's: kcat and confluent-kafka on librdkafka
/// and OpenSSL.
@Suite("Secured listeners", .needsPeers, .timeLimit(.minutes(10)))
struct SecuredListenerTests {
    private static let password = "dev's secret, with = and ,"

    private static func login(_ mechanism: String, _ password: String = password) -> [String: String] {
        [
            "security.protocol": "SASL_SSL", "sasl.mechanism": mechanism, "sasl.username": "dev",
            "sasl.password": password,
        ]
    }

    @Test("kcat produces and consumes over SSL")
    func kcat() async throws {
        let secured = try await SecuredBroker { _, _ in }
        let settings = secured.settings(["security.protocol": "SSL"])
        try await Kcat.produce(.bytes(Array("one\ntwo\n".utf8)), to: "t", at: secured.bootstrap, arguments: settings)
        let records = try await Kcat.read("t", from: secured.bootstrap, arguments: settings)
        #expect(records.map(\.value) == [Data("one".utf8), Data("two".utf8)])
        await secured.broker.stop()
    }

    @Test("a client certificate that is required must be there, and signed by the CA", arguments: [true, false])
    func mutual(isRequired: Bool) async throws {
        let secured = try await SecuredBroker { security, authority in
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
        let secured = try await SecuredBroker { security, _ in
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
        let secured = try await SecuredBroker { security, _ in
            security.mechanisms = [.plain]
            security.users = ["dev": Self.password]
        }
        _ = try await secured.roundTrip(Self.login("PLAIN"))
        let settings = secured.settings(Self.login("PLAIN"))
        let records = try await Kcat.read("t", from: secured.bootstrap, arguments: settings)
        #expect(records.map(\.value) == [Data("value 0".utf8)])
        await secured.broker.stop()
    }

    @Test(
        "kcat logs in by SCRAM, unless its librdkafka says a wrong nonce, which Kafka 4 refuses as well",
        arguments: ["SCRAM-SHA-256", "SCRAM-SHA-512"]
    )
    func kcatScram(mechanism: String) async throws {
        let log = BrokerLog()
        let secured = try await SecuredBroker(log.logger) { security, _ in
            security.mechanisms = [.scramSHA256, .scramSHA512]
            security.users = ["dev": Self.password]
        }
        let settings = secured.settings(Self.login(mechanism))
        let words = ["-P", "-b", secured.bootstrap, "-t", "t", "-X", "message.timeout.ms=9000"] + settings
        let finished = try await ChildProcess.run(TestTools.path("kcat"), words, input: .text("one\n"))
        if try await Kcat.saysTheNonceTwice() {
            #expect(finished.status != 0)
            #expect(log.text.contains("its own part twice, as librdkafka says it before 2.6.1"), "\(log.text)")
        } else {
            let records = try await Kcat.read("t", from: secured.bootstrap, arguments: settings)
            #expect(records.map(\.value) == [Data("one".utf8)], "\(finished)")
        }
        await secured.broker.stop()
    }

    @Test("confluent-kafka logs in with unsecured tokens, and one that has expired is refused", arguments: [60, -60])
    func token(lifetime: Int) async throws {
        let secured = try await SecuredBroker { security, _ in security.mechanisms = [.oauthBearer] }
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
        let secured = try await SecuredBroker { security, _ in
            security.mechanisms = [.plain, .scramSHA512]
            security.users = ["dev": Self.password]
            // Of this librdkafka leaves a tenth, in which a broker that has to wait for its turn must have read what it sends:
            // beside two thousand tests that has taken more than a second.
            security.sessionLifetime = .seconds(20)
        }
        let arguments = ["--count", "12", "--pause", "2"]
        let finished = try await secured.roundTrip(Self.login(mechanism), arguments)
        #expect(finished.outputLines == (0..<12).map { "value \($0)" }, "\(finished)")
        await secured.broker.stop()
    }

    @Test("a topic that the user may not write to is refused")
    func permissions() async throws {
        let secured = try await SecuredBroker { security, _ in
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
