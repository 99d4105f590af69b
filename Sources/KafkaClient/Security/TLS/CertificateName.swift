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
        subject = ForeignText.shown(certificate.subject.description)
        issuer = ForeignText.shown(certificate.issuer.description)
        hosts = Self.hosts(certificate).map { ForeignText.shown($0) }
    }

    /// The subject's alternative names; without any, the common name, as Java does.
    private static func hosts(_ certificate: Certificate) -> [String] {
        let alternatives = alternatives(certificate)
        let hosts = alternatives.names + alternatives.addresses.map(text)
        return hosts.isEmpty ? commonName(certificate).map { [$0] } ?? [] : hosts
    }

    /// The names and the addresses of a certificate's subject.
    static func alternatives(_ certificate: Certificate) -> (names: [String], addresses: [[UInt8]]) {
        var names: [String] = []
        var addresses: [[UInt8]] = []
        for name in (try? certificate.extensions.subjectAlternativeNames) ?? SubjectAlternativeNames([]) {
            switch name {
            case .dnsName(let name): names.append(name)
            case .ipAddress(let address): addresses.append(Array(address.bytes))
            default: break
            }
        }
        return (names, addresses)
    }

    /// The last common name in the subject, which is the most specific one.
    static func commonName(_ certificate: Certificate) -> String? {
        certificate.subject.flatMap { Array($0) }.last { $0.type == .RDNAttributeType.commonName }
            .flatMap { String($0.value) }
    }

    private static func text(_ address: [UInt8]) -> String {
        if address.count == 4 { return address.map { "\($0)" }.joined(separator: ".") }
        let groups = stride(from: 0, to: address.count - 1, by: 2).map {
            String(Int(address[$0]) << 8 | Int(address[$0 + 1]), radix: 16)
        }
        return groups.joined(separator: ":")
    }
}
