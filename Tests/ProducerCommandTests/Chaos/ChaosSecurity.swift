// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import RandomNumbers

/// A listener with TLS and a login that has to be renewed all the time, and a client's settings for it.
///
/// Nobody logs in more often than once a second. A session that is shorter than that ends in the middle of the load, and
/// all that is to be sent waits until the client may log in again.
struct ChaosSecurity: Sendable, CustomStringConvertible {
    private static let user = "dev"
    private static let password = "secret"

    let mechanism: EmbeddedBroker.SASLMechanism
    let lifetimeMs: Int

    /// - Parameters:
    ///   - seed: What all follows from.
    ///   - trouble: What happens to the load: in a hurry it cannot wait for many sessions.
    init(seed: UInt64, _ trouble: ChaosCase.Trouble) {
        // Of another sequence than the case's own, which stays the same with and without.
        var random = SplitMix64(seed: ~seed)
        let mechanisms: [EmbeddedBroker.SASLMechanism] = [.plain, .scramSHA256, .scramSHA512]
        mechanism = mechanisms[Int.random(in: 0..<mechanisms.count, using: &random)]
        lifetimeMs = Int.random(in: trouble == .hurry ? 200...1000 : 20...200, using: &random)
    }

    /// What the brokers are set up with.
    func listener(_ server: CertificateAuthority.Identity) -> EmbeddedBroker.Security {
        var security = EmbeddedBroker.Security()
        security.tls = EmbeddedBroker.TLS(certificate: .text(server.certificate), key: .text(server.key))
        security.mechanisms = [mechanism]
        security.users = [Self.user: Self.password]
        security.sessionLifetime = .milliseconds(lifetimeMs)
        return security
    }

    /// The client's settings file. It trusts the CA whose certificate is in the other file.
    func properties(trusting file: String) -> String {
        let module = mechanism == .plain ? "plain.PlainLoginModule" : "scram.ScramLoginModule"
        return """
            security.protocol=SASL_SSL
            sasl.mechanism=\(mechanism.rawValue)
            sasl.jaas.config=org.apache.kafka.common.security.\(module) required \
            username="\(Self.user)" password="\(Self.password)";
            ssl.truststore.type=PEM
            ssl.truststore.location=\(file)

            """
    }

    var description: String { "SASL_SSL, \(mechanism.rawValue), a login holds for \(lifetimeMs) ms" }
}
