// SPDX-License-Identifier: Apache-2.0
import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a certificate says of itself.
package struct CertificateFacts: Sendable, Equatable {
    /// Whose it is.
    package var subject: String
    /// Who signed it.
    package var issuer: String
    /// The hosts that it is for.
    package var hosts: [String]
    /// From when on it holds, in seconds since 1970.
    package var begins: Int64
    /// Until when it holds, in seconds since 1970.
    package var ends: Int64

    package init(subject: String, issuer: String, hosts: [String], begins: Int64, ends: Int64) {
        (self.subject, self.issuer, self.hosts, self.begins, self.ends) = (subject, issuer, hosts, begins, ends)
    }

    init(_ certificate: Certificate) {
        let name = CertificateName(certificate)
        self.init(
            subject: name.subject,
            issuer: name.issuer,
            hosts: name.hosts,
            begins: Int64(clamping: certificate.notValidBefore.timeIntervalSince1970),
            ends: Int64(clamping: certificate.notValidAfter.timeIntervalSince1970)
        )
    }

    /// Whole days until it ends, negative afterwards.
    package func daysLeft(now: Int64) -> Int64 { (ends - now) / 86_400 }
}

extension Int64 {
    /// A date of a certificate; its year has four digits.
    fileprivate init(clamping seconds: Double) { self = Int64(Swift.min(Swift.max(seconds, -1e12), 1e12)) }
}
