// SPDX-License-Identifier: Apache-2.0
import SwiftASN1
import X509

/// Takes a critical list of names in a certificate for known: `ServerName` compares the names, once the chain is verified.
struct NameExtensionPolicy: VerifierPolicy {
    let verifyingCriticalExtensions: [ASN1ObjectIdentifier] = [.X509ExtensionID.subjectAlternativeName]

    func chainMeetsPolicyRequirements(chain: UnverifiedCertificateChain) -> PolicyEvaluationResult { .meetsPolicy }
}
