// SPDX-License-Identifier: Apache-2.0
import Platform
import X509

/// A broker's name as it was connected to: a host's name, or an IP address. It is compared as Java does (RFC 2818).
struct ServerName: Sendable, Equatable {
    /// As a person writes it.
    let text: String
    /// A host's name, without the dot of the root; nil for an address.
    let dnsName: String?
    /// An IP address, without brackets; nil for a name.
    let address: String?
    private let addressBytes: [UInt8]

    init(_ host: String) {
        text = host
        var bare = host[...]
        if bare.hasPrefix("["), bare.hasSuffix("]") { bare = bare.dropFirst().dropLast() }
        // A zone, as in fe80::1%eth0, is this machine's own affair.
        let plain = bare.split(separator: "%", maxSplits: 1).first.map(String.init) ?? String(bare)
        if let bytes = Self.bytes(plain) {
            (dnsName, address, addressBytes) = (nil, plain, bytes)
        } else {
            (dnsName, address, addressBytes) = (bare.hasSuffix(".") ? String(bare.dropLast()) : String(bare), nil, [])
        }
    }

    /// Whether a certificate is for this name.
    ///
    /// An address must be among the certificate's addresses. A name is compared with the names in the subject's
    /// alternative names; only where there are none of these, with the common name.
    func isNamed(in certificate: Certificate) -> Bool {
        let alternatives = CertificateName.alternatives(certificate)
        guard let dnsName else { return alternatives.addresses.contains(addressBytes) }
        guard alternatives.names.isEmpty else { return alternatives.names.contains { Self.matches(dnsName, $0) } }
        return CertificateName.commonName(certificate).map { Self.matches(dnsName, $0) } ?? false
    }

    /// Whether a name fits a name of a certificate, in which a `*` stands for any letters of one label.
    static func matches(_ name: String, _ template: String) -> Bool {
        let labels = name.lowercased().split(separator: ".", omittingEmptySubsequences: false)
        let patterns = template.lowercased().split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count == patterns.count else { return false }
        // A lone star would be any machine's name.
        guard patterns.count > 1 || !template.contains("*") else { return false }
        return zip(labels, patterns).allSatisfy { matches(label: $0, $1) }
    }

    private static func matches(label: Substring, _ pattern: Substring) -> Bool {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard parts.count > 1, let first = parts.first, let last = parts.last else { return label == pattern }
        guard label.count >= first.count + last.count, label.hasPrefix(first), label.hasSuffix(last) else {
            return false
        }
        var rest = label.dropFirst(first.count).dropLast(last.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return true
    }

    /// An address's 4 or 16 bytes in the network's order; nil for a text that is none.
    private static func bytes(_ text: String) -> [UInt8]? {
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if unsafe inet_pton(family, text, &bytes) == 1 { return bytes }
        }
        return nil
    }
}
