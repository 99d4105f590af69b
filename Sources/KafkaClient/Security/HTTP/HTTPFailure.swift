// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Why there is no answer by HTTP. No text shows a secret.
package struct HTTPFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    package enum Kind: Sendable {
        /// There is no connection: no such host, refused, no answer.
        case connecting
        /// TLS does not come about.
        case tls
        /// The answer takes too long.
        case timedOut
        /// The connection ended before the answer.
        case closed
        /// The answer is none of HTTP, or too large.
        case malformed
        /// Nobody waits for the answer any more.
        case cancelled
    }

    /// What kind of failure it is.
    package let kind: Kind
    /// In words that follow the address.
    package let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    static let tooLarge = HTTPFailure(.malformed, "the answer has more than \(HTTPAnswer.mostBytes >> 20) MiB")
    static let closedEarly = HTTPFailure(.closed, "the connection was closed before the whole answer was there")
    static let cancelled = HTTPFailure(.cancelled, "the request was given up")

    /// The words for an error of a connection that exists.
    init(_ error: any Error, _ handshake: TLSHandshake?) {
        if let failure = error as? HTTPFailure {
            self = failure
        } else if case .notTLS? = handshake?.failure(error) {
            self.init(.tls, "it does not speak TLS; must the address begin with http: ?")
        } else if let failure = handshake?.failure(error) {
            self.init(.tls, "it \(failure.reason)")
        } else {
            switch error {
            case NIOSSLError.handshakeFailed:
                self.init(.tls, "the connection was closed during the TLS handshake; does it speak TLS?")
            case NIOSSLError.uncleanShutdown, is BoringSSLError, HTTPParserError.invalidEOFState: self = .closedEarly
            case is HTTPParserError, is NIOHTTPDecoderError: self.init(.malformed, "the answer is none of HTTP")
            case is IOError: self.init(.closed, describe(error))
            default: self = .closedEarly
            }
        }
    }

    /// The words for an error of connecting.
    init(connecting error: any Error) {
        if let failure = error as? HTTPFailure {
            self = failure
        } else if let failure = error as? ConnectionError {
            self.init(.tls, failure.reason)
        } else {
            self.init(.connecting, describe(error))
        }
    }
}
