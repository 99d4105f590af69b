// SPDX-License-Identifier: Apache-2.0
import SwiftASN1
import X509

/// A broker's certificate must be one for servers, if it says what it is for at all.
struct ServerUsagePolicy: VerifierPolicy {
    let verifyingCriticalExtensions: [ASN1ObjectIdentifier] = [.X509ExtensionID.extendedKeyUsage]

    func chainMeetsPolicyRequirements(chain: UnverifiedCertificateChain) -> PolicyEvaluationResult {
        Self.allows(chain.leaf) ? .meetsPolicy : .failsToMeetPolicy(reason: "the certificate is not for servers")
    }

    /// Whether a certificate may be a server's.
    static func allows(_ certificate: Certificate) -> Bool {
        do {
            guard let usages = try certificate.extensions.extendedKeyUsage else { return true }
            return usages.contains { $0 == .serverAuth || $0 == .any }
        } catch {
            return false
        }
    }
}
