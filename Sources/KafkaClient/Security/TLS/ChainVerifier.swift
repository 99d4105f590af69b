// SPDX-License-Identifier: Apache-2.0
import SwiftASN1
import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Decides whether a peer is the one that it says it is, by the certificates that it shows.
struct ChainVerifier: Sendable {
    let anchors: TrustAnchors
    /// Whether the peer's name must be in its certificate.
    let verifiesHostname: Bool
    /// Who it is, for what is to be done.
    let peer: TLSPeer

    /// Verifies a chain.
    ///
    /// - Parameters:
    ///   - chain: The certificates in DER as they came, the peer's own first.
    ///   - host: The peer's name as it was connected to.
    /// - Returns: The certificates from the peer's own to the anchor.
    /// - Throws: What is wrong, and what to do.
    func verify(_ chain: [[UInt8]], host: ServerName) async throws(TLSFailure) -> [Certificate] {
        guard let first = chain.first, let leaf = try? Certificate(derEncoded: first) else {
            throw .certificate("shows a certificate that cannot be read")
        }
        let intermediates = chain.dropFirst().compactMap { try? Certificate(derEncoded: $0) }
        let path: [Certificate]
        if anchors.contains(first), ServerUsagePolicy.allows(leaf) {
            // A certificate that is trusted itself is so whatever its dates say, as in Java.
            path = [leaf]
        } else {
            guard case .validCertificate(let found) = await validate(leaf, intermediates) else {
                throw failure(leaf, intermediates)
            }
            path = Array(found)
        }
        guard !verifiesHostname || host.isNamed(in: leaf) else {
            let names = CertificateName(leaf).hosts
            let hosts = names.isEmpty ? "no host" : names.prefix(8).joined(separator: ", ")
            throw .certificate(
                "shows a certificate for \(hosts), not for \(host.text): \(peer.nameAdvice)"
            )
        }
        return path
    }

    private func validate(
        _ leaf: Certificate,
        _ intermediates: [Certificate]
    ) async -> CertificateValidationResult {
        var verifier = Verifier(rootCertificates: anchors.store) {
            RFC5280Policy()
            ServerUsagePolicy()
            NameExtensionPolicy()
        }
        return await verifier.validate(leaf: leaf, intermediates: CertificateStore(intermediates))
    }

    /// Finds out why a chain does not do: the most telling reason first.
    private func failure(_ leaf: Certificate, _ intermediates: [Certificate]) -> TLSFailure {
        let name = CertificateName(leaf)
        let now = Date()
        let today = "and it is \(Self.day(now)) here"
        if leaf.notValidAfter < now {
            return .certificate(
                "shows a certificate (\(name.subject)) that expired on \(Self.day(leaf.notValidAfter)), \(today): have "
                    + "the \(peer.noun)'s certificate renewed, or correct this machine's clock"
            )
        }
        if leaf.notValidBefore > now {
            return .certificate(
                "shows a certificate (\(name.subject)) that is valid from \(Self.day(leaf.notValidBefore)) on, \(today): "
                    + "correct this machine's clock, or have the \(peer.noun)'s certificate made anew"
            )
        }
        guard ServerUsagePolicy.allows(leaf) else {
            return .certificate("shows a certificate (\(name.subject)) that is for clients, not for servers")
        }
        let issuers = intermediates + anchors.issuers(of: [leaf] + intermediates)
        if let stale = issuers.first(where: { $0.notValidAfter < now }) {
            let issuer = CertificateName(stale).subject
            return .certificate(
                "shows a certificate whose CA's own (\(issuer)) expired on \(Self.day(stale.notValidAfter)), \(today): "
                    + "get the CA's new certificate, and have the \(peer.noun)'s made anew"
            )
        }
        return .certificate(
            "shows a certificate (\(name.subject), issued by \(name.issuer)) that no CA in \(anchors.origin) has signed: "
                + peer.trustAdvice
        )
    }

    private static func day(_ date: Date) -> String {
        let text = date.formatted(.iso8601)
        return String(text.prefix(10))
    }
}
