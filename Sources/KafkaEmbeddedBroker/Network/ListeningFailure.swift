// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix
import NIOSSL
import Platform

/// Why a port cannot be listened on, in words, and what to do.
struct ListeningFailure: CustomStringConvertible {
    let description: String

    init(_ error: any Error) {
        description = Self.words(for: error) + Self.advice(on: error)
    }

    /// What the system says, without the transport's wrapping.
    static func words(for error: any Error) -> String {
        switch error {
        case let error as IOError: return errorText(error.errnoCode)
        case is SocketAddressError, is SocketAddressError.UnknownHost: return "the host name could not be resolved"
        case let error as EmbeddedBrokerError: return error.message
        case let error as NIOSSLError: return words(forTLS: error)
        case let error as BoringSSLError: return "TLS failed: \(error)"
        default: return "the socket failed"
        }
    }

    private static func words(forTLS error: NIOSSLError) -> String {
        switch error {
        case .handshakeFailed(let cause): "the TLS handshake failed: \(cause)"
        case .uncleanShutdown: "the client has gone without a goodbye of TLS"
        default: "TLS failed: \(error)"
        }
    }

    private static func advice(on error: any Error) -> String {
        guard let code = (error as? IOError)?.errnoCode else { return "" }
        return switch code {
        case EADDRINUSE: "; choose another port, or 0 for any"
        case EACCES: "; ports below 1024 are for root: choose another one, or 0 for any"
        case EADDRNOTAVAIL: "; that is no address of this machine"
        case EMFILE: "; raise ulimit -n"
        default: ""
        }
    }
}
