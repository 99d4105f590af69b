// SPDX-License-Identifier: Apache-2.0

/// Why there is no TLS connection, to follow the broker's address: `shows a certificate that …`.
enum TLSFailure: Error, Equatable, Sendable {
    /// The broker's certificate does not do.
    case certificate(String)
    /// The broker wants a certificate of the client, or another one.
    case clientCertificate(String)
    /// Client and broker have no version or cipher suite in common.
    case nothingInCommon(String)
    /// Something else answers.
    case notTLS(String)
    /// Anything else that TLS says.
    case other(String)

    var reason: String {
        switch self {
        case .certificate(let text), .clientCertificate(let text), .nothingInCommon(let text), .notTLS(let text),
            .other(let text):
            text
        }
    }
}
