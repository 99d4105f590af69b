// SPDX-License-Identifier: Apache-2.0
import SwiftASN1
import X509

/// Takes whatever name a certificate has, for clients that were told not to compare it.
struct AnyNamePolicy: VerifierPolicy {
    /// A critical list of names is one that nobody wants to know.
    let verifyingCriticalExtensions: [ASN1ObjectIdentifier] = [.X509ExtensionID.subjectAlternativeName]

    func chainMeetsPolicyRequirements(chain: UnverifiedCertificateChain) -> PolicyEvaluationResult { .meetsPolicy }
}
