// SPDX-License-Identifier: Apache-2.0

/// Why there is no TLS connection, as the end of a sentence that begins with the broker's address.
enum TLSFailure: Error, Equatable, Sendable {
    /// The broker's certificate does not do.
    case certificate(String)
    /// The broker wants a certificate of the client, or another one.
    case clientCertificate(String)
    /// Client and broker have no version or cipher suite in common.
    case nothingInCommon(String)
    /// Something else answers.
    case notTLS(String)
    /// The broker closed the connection during the handshake without a word.
    case closed(String)
    /// Anything else that TLS says.
    case other(String)

    var reason: String {
        switch self {
        case .certificate(let text), .clientCertificate(let text), .nothingInCommon(let text), .notTLS(let text),
            .closed(let text), .other(let text):
            text
        }
    }
}
