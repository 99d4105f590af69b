// SPDX-License-Identifier: Apache-2.0
import SwiftASN1
import X509

/// The certificates at which a broker's chain may end.
///
/// As in Java any certificate of the store is one, be it an intermediate or the broker's own.
struct TrustAnchors: Sendable {
    /// The certificates.
    let store: CertificateStore
    private let encoded: Set<[UInt8]>
    /// Where they are from, for a line to the user.
    let origin: String
    /// What is worth telling about them.
    let notes: [String]

    /// The certificates of a trust store, or else the system's.
    ///
    /// - Throws: When the store cannot be used, or when there is not a single certificate.
    init(_ settings: TrustStoreSettings) throws(SecurityRefusal) {
        let loaded: (anchors: [StoredCertificate]?, omissions: [StoreOmission])
        do throws(StoreRefusal) {
            loaded = try settings.load()
        } catch {
            throw SecurityRefusal(key: settings.mainKey, error.description)
        }
        guard let anchors = loaded.anchors else {
            self = try Self.system()
            return
        }
        origin = settings.location ?? "ssl.truststore.certificates"
        let certificates = anchors.compactMap { try? Certificate(derEncoded: $0.der) }
        var notes = loaded.omissions.map { "\(settings.location ?? "ssl.truststore"): passed over: \($0)" }
        if certificates.count < anchors.count {
            notes.append(
                "\(origin): \(anchors.count - certificates.count) certificates cannot be read and are not trusted"
            )
        }
        self.notes = notes
        guard !certificates.isEmpty else {
            var held = loaded.omissions.map(\.description)
            if !anchors.isEmpty { held.append("certificates with a key of a kind that cannot be used here") }
            let what = held.isEmpty ? "" : "; it holds \(held.joined(separator: ", "))"
            throw SecurityRefusal(
                key: settings.mainKey,
                "the trust store \(origin) has no certificate that could be trusted\(what)"
            )
        }
        store = CertificateStore(certificates)
        encoded = Set(anchors.map(\.der))
    }

    private init(system certificates: [Certificate], origin: String) {
        (store, self.origin, notes, encoded) = (CertificateStore(certificates), origin, [], [])
    }

    /// Whether a certificate, in DER, is one of them. Of the system's, which are CAs, none is a broker's.
    func contains(_ certificate: [UInt8]) -> Bool { encoded.contains(certificate) }

    /// Those whose names certificates give as their issuers. Of the system's, which are many, none are looked for.
    func issuers(of certificates: [Certificate]) -> [Certificate] {
        let names = certificates.map(\.issuer)
        return encoded.compactMap { try? Certificate(derEncoded: $0) }.filter { names.contains($0.subject) }
    }

    /// Where Debian, Fedora, openSUSE and Alpine, and macOS keep the CAs that the system trusts.
    private static let bundles = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ]

    private static func system() throws(SecurityRefusal) -> TrustAnchors {
        for bundle in bundles {
            guard let bytes = try? StoreFile.read(bundle) else { continue }
            // One by one: a single certificate that cannot be read must not take the others with it.
            let entries = (try? PEMText(bytes).entries(.certificate)) ?? []
            let certificates = entries.compactMap { try? Certificate(derEncoded: $0.bytes) }
            if !certificates.isEmpty { return TrustAnchors(system: certificates, origin: bundle) }
        }
        throw SecurityRefusal(
            key: "ssl.truststore.location",
            "no CA certificates were found on this system (such as \(bundles[0])): install its package of CA "
                + "certificates, or set ssl.truststore.location"
        )
    }
}
