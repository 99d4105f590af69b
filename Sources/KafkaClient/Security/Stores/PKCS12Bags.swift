// SPDX-License-Identifier: Apache-2.0
import SwiftASN1

/// The bags of a PKCS#12 store, and what they say together: which certificates belong to which key is told by an id that
/// both carry, and the chain by the names of owners and signers.
struct PKCS12Bags {
    private static let plainKey: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 12, 10, 1, 1]
    private static let encryptedKey: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 12, 10, 1, 2]
    private static let certificate: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 12, 10, 1, 3]
    private static let x509: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 9, 22, 1]

    private struct Key {
        var alias: String
        var id: [UInt8]?
        var der: [UInt8]
    }

    private struct Certificate {
        var attributes: PKCS12Attributes
        var value: StoredCertificate
    }

    /// What was passed over.
    var omissions: [StoreOmission] = []
    private var keys: [Key] = []
    private var trusted: [StoreContents.TrustedEntry] = []
    private var others: [Certificate] = []
    private var all: [StoredCertificate] = []
    /// Entries without a name are numbered.
    private var unnamed = 0

    /// Adds the bags of a safe.
    mutating func add(_ safe: EncodedValue) throws(StoreFault) {
        var bags = try safe.sequence()
        while let bag = bags.nextIfAny() { try add(bag: bag) }
    }

    /// What the bags say together.
    func contents() -> StoreContents {
        var contents = StoreContents(trusted: trusted, omissions: omissions)
        for key in keys {
            let chain = chain(from: owner(of: key))
            contents.keys.append(.init(alias: key.alias, key: .pkcs8(key.der), chain: chain))
        }
        if keys.isEmpty, !omissions.contains(.unprotectedKey) { contents.unmarked = others.map(\.value) }
        return contents
    }

    private mutating func add(bag: EncodedValue) throws(StoreFault) {
        var parts = try bag.sequence()
        let kind = try parts.next().objectIdentifier()
        let value = try parts.next().explicit(0)
        let attributes = try PKCS12Attributes(parts.nextIfAny())
        try parts.end()
        switch kind {
        case Self.plainKey: omissions.append(.unprotectedKey)
        case Self.encryptedKey:
            let alias = alias(attributes)
            // Some writers give no id. The only key belongs to the first certificate then.
            let id = attributes.id ?? (keys.isEmpty ? [] : nil)
            keys.append(Key(alias: alias, id: id, der: value.encoded))
        case Self.certificate:
            do throws(StoreFault) {
                try add(certificate: value, attributes)
            } catch {
                throw attributes.name.map { error.of(alias: $0) } ?? error
            }
        default: break
        }
    }

    private mutating func add(
        certificate value: EncodedValue,
        _ attributes: PKCS12Attributes
    ) throws(StoreFault) {
        var parts = try value.sequence()
        let kind = try parts.next().objectIdentifier()
        guard kind == Self.x509 else { throw StoreFault("a certificate is not in the form of X.509") }
        let certificate = try StoredCertificate(parts.next().explicit(0).octets())
        try parts.end()
        all.append(certificate)
        if attributes.isTrusted {
            trusted.append(.init(alias: alias(attributes), certificate: certificate))
        } else {
            others.append(Certificate(attributes: attributes, value: certificate))
        }
    }

    /// The name of an entry, which Java writes in small letters.
    private mutating func alias(_ attributes: PKCS12Attributes) -> String {
        if let name = attributes.name { return name.lowercased() }
        unnamed += 1
        return String(unnamed)
    }

    /// The certificate of a key: of its id, and of its name if several have the id.
    private func owner(of key: Key) -> StoredCertificate? {
        let first = others.first
        let matches = others.filter { certificate in
            guard let id = key.id else { return false }
            return id.isEmpty
                ? certificate.attributes.id == nil && certificate.value == first?.value
                : certificate.attributes.id == id
        }
        return (matches.first { $0.attributes.name?.lowercased() == key.alias } ?? matches.first)?.value
    }

    private func chain(from owner: StoredCertificate?) -> [StoredCertificate] {
        var chain: [StoredCertificate] = []
        var next = owner
        while let certificate = next, !chain.contains(certificate) {
            chain.append(certificate)
            next = certificate.isSelfIssued ? nil : all.first { $0.subject == certificate.issuer }
        }
        return chain
    }
}
