// SPDX-License-Identifier: Apache-2.0

/// What a TLS handshake has shown.
package struct TLSFacts: Sendable, Equatable {
    /// The version that was agreed on, such as `TLSv1.3`; nil when none was.
    package var version: String?
    /// The cipher suite that the broker has chosen, by its IANA name; nil when it chose none.
    package var cipherSuite: String?
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
        cipherSuite: String? = nil,
        isTrusted: Bool,
        trustOrigin: String,
        clientName: String? = nil,
        chain: [CertificateFacts]
    ) {
        (self.version, self.cipherSuite) = (version, cipherSuite)
        (self.isTrusted, self.trustOrigin) = (isTrusted, trustOrigin)
        (self.clientName, self.chain) = (clientName, chain)
    }
}
