// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import Logging

/// A broker of this process with a certificate of a CA of its own, and the files that clients need.
final class SecuredBroker: Sendable {
    let broker: EmbeddedBroker
    let folder: TemporaryDirectory
    let authority: CertificateAuthority

    /// Starts it with TLS, and with what else is configured.
    init(
        _ logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        _ configure: (inout EmbeddedBroker.Security, CertificateAuthority) throws -> Void
    ) async throws {
        folder = try TemporaryDirectory()
        authority = try CertificateAuthority()
        let server = try authority.server(hosts: ["localhost", "127.0.0.1"])
        let client = try authority.client(name: "client one")
        try folder.write(authority.identity.certificate, to: "ca.pem")
        try folder.write(client.certificate, to: "client.pem")
        try folder.write(client.key, to: "client.key")
        try folder.write(client.certificate + client.key, to: "client.keystore.pem")
        var configuration = EmbeddedBroker.Configuration()
        configuration.security.tls = EmbeddedBroker.TLS(
            certificate: .text(server.certificate),
            key: .text(server.key)
        )
        try configure(&configuration.security, authority)
        broker = try await EmbeddedBroker.start(configuration, logger: logger)
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
