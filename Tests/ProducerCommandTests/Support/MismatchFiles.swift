// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker

/// A CA with good and bad certificates, and another CA, in files that are gone with the last reference to this.
final class MismatchFiles: Sendable {
    /// The files of a certificate and its key.
    struct Identity: Sendable {
        let certificate: String
        let key: String
    }

    /// What is wrong with a server's certificate.
    enum Fault: String, Sendable {
        case none = "localhost"
        case expired
        case early
        case otherNames
    }

    /// What is wrong with a client's certificate.
    enum ClientFault: String, Sendable {
        case stranger
        case expired
    }

    private let folder: TemporaryDirectory
    private let authority: CertificateAuthority
    private let other: CertificateAuthority
    /// The CA's certificate.
    let ca: String
    /// A CA that has signed none of the servers' certificates.
    let otherCA: String

    /// A CA that is valid from when to when, in days from now.
    init(days: Range<Int> = CertificateAuthority.usualDays) throws {
        folder = try TemporaryDirectory()
        authority = try CertificateAuthority(name: "Test CA", days: days)
        other = try CertificateAuthority(name: "Other CA")
        ca = try folder.write(authority.identity.certificate, to: "ca.pem")
        otherCA = try folder.write(other.identity.certificate, to: "other-ca.pem")
    }

    /// A server's certificate.
    func server(_ fault: Fault = .none, hosts: [String] = ["localhost", "127.0.0.1"]) throws -> Identity {
        let signed =
            switch fault {
            case .none: try authority.server(hosts: hosts)
            case .expired: try authority.server(hosts: hosts, days: -30..<(-10))
            case .early: try authority.server(hosts: hosts, days: 10..<30)
            case .otherNames: try authority.server(hosts: ["a.example", "b.example", "10.1.2.3"])
            }
        return Identity(
            certificate: try folder.write(signed.certificate, to: "server.pem"),
            key: try folder.write(signed.key, to: "server.key")
        )
    }

    /// The settings of a client whose certificate is not accepted.
    func client(_ fault: ClientFault) throws -> [String] {
        let signed =
            switch fault {
            case .stranger: try other.client(name: "stranger")
            case .expired: try authority.client(name: "expired", days: -30..<(-10))
            }
        let store = try folder.write(signed.key + "\n" + signed.certificate + "\n", to: "client.pem")
        return ["ssl.keystore.type=PEM", "ssl.keystore.location=\(store)"]
    }

    /// The settings of a client with TLS that trusts the CA.
    var trust: [String] { ["security.protocol=SSL", "ssl.truststore.type=PEM", "ssl.truststore.location=\(ca)"] }

    /// A settings file.
    func settings(_ lines: [String]) throws -> String {
        try folder.write(lines.map { $0 + "\n" }.joined(), to: "client.properties")
    }

    /// A path in the folder.
    func path(_ name: String) -> String { folder.path + "/" + name }
}
