// SPDX-License-Identifier: Apache-2.0

/// What a TLS handshake has shown. The cipher suite is not to be had of the library below.
package struct TLSFacts: Sendable, Equatable {
    /// The version that was agreed on, such as `TLSv1.3`; nil when none was.
    package var version: String?
    /// Whether the chain ends at a certificate that is trusted.
    package var isTrusted: Bool
    /// Where the trusted certificates are from.
    package var trustOrigin: String
    /// The name in the client's own certificate; nil without one.
    package var clientName: String?
    /// The certificates up to the trusted one; of an untrusted chain those that were shown.
    package var chain: [CertificateFacts]

    package init(
        version: String?,
        isTrusted: Bool,
        trustOrigin: String,
        clientName: String? = nil,
        chain: [CertificateFacts]
    ) {
        (self.version, self.isTrusted, self.trustOrigin) = (version, isTrusted, trustOrigin)
        (self.clientName, self.chain) = (clientName, chain)
    }
}
