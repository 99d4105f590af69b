// SPDX-License-Identifier: Apache-2.0
import SwiftASN1
import X509

/// The names and the dates in a certificate, for a line to a person.
struct CertificateName: Sendable {
    /// Whose it is.
    let subject: String
    /// Who signed it.
    let issuer: String
    /// The hosts that it is for.
    let hosts: [String]

    init?(der: [UInt8]) {
        guard let certificate = try? Certificate(derEncoded: der) else { return nil }
        self.init(certificate)
    }

    init(_ certificate: Certificate) {
        subject = SASLError.shown(certificate.subject.description)
        issuer = SASLError.shown(certificate.issuer.description)
        hosts = Self.hosts(certificate).map(SASLError.shown)
    }

    /// The subject's alternative names; without any, the common name, as Java does.
    private static func hosts(_ certificate: Certificate) -> [String] {
        let names = (try? certificate.extensions.subjectAlternativeNames) ?? nil
        let hosts = (names.map { Array($0) } ?? []).compactMap { name -> String? in
            switch name {
            case .dnsName(let name): name
            case .ipAddress(let address): Self.text(Array(address.bytes))
            default: nil
            }
        }
        guard hosts.isEmpty else { return hosts }
        return certificate.subject.lazy.flatMap { $0 }.filter { $0.type == .RDNAttributeType.commonName }
            .map { String(describing: $0.value) }
    }

    private static func text(_ address: [UInt8]) -> String {
        if address.count == 4 { return address.map { "\($0)" }.joined(separator: ".") }
        let groups = stride(from: 0, to: address.count - 1, by: 2).map {
            String(Int(address[$0]) << 8 | Int(address[$0 + 1]), radix: 16)
        }
        return groups.joined(separator: ":")
    }
}
