// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix
import NIOSSL
import Platform

/// Why a connection could not be made, or ended although this side wanted it.
struct ConnectionLoss: Sendable {
    /// In words, for a person.
    let reason: String
    /// What the peer is, if it showed that it is no broker's plain-text listener.
    let mismatch: ListenerMismatch?
    /// Whether the peer ended it, rather than bytes that this side could not take.
    let isByPeer: Bool
    /// How far TLS had come; nil without TLS.
    private let tls: TLSHandshake.Progress?

    /// The end of a connection after this error, or after none: then the peer has closed it.
    init(_ error: (any Error)?, _ handshake: TLSHandshake? = nil) {
        tls = handshake?.progress
        if let error, let failure = handshake?.failure(error) {
            mismatch = failure.mismatch
            reason = "it \(failure.reason)"
            isByPeer = false
            return
        }
        reason = error.map(describe) ?? Self.closed
        let own = error as? ConnectionError
        mismatch = own?.mismatch
        isByPeer = own == nil
    }

    private static let closed = "the broker closed the connection"
}

extension ConnectionLoss {
    /// The reason, with what the moment at which it happened says about the peer.
    func explained(in state: ConnectionMachine.Disconnection) -> String {
        guard isByPeer else { return reason }
        if state.wasSecuring, tls == .answered {
            return reason + " in the middle of the TLS handshake; its log may say why, or a proxy's before it"
        }
        if state.wasSecuring {
            return reason
                + " during the TLS handshake; a listener without TLS does that (security.protocol), or a proxy "
                + "whose broker is not up"
        }
        if let login = state.login {
            return reason + " during the login\(login)"
        }
        if state.wasSettingUp, tls == .completed {
            return reason + " before it answered anything; a listener that requires a client certificate may do that "
                + "(ssl.keystore.*), or a proxy whose broker is not up"
        }
        if state.wasSettingUp {
            return reason + " before it answered anything; a listener for TLS may do that "
                + "(security.protocol=SSL or SASL_SSL), or a proxy whose broker is not up"
        }
        return state.wasMute ? reason + " at the first request; a listener that wants a login does that" : reason
    }

    /// What it says about the peer, if it comes again and again.
    func suspicion(in state: ConnectionMachine.Disconnection) -> ListenerMismatch? {
        guard isByPeer else { return nil }
        if state.wasSecuring { return .security(tls == .answered ? .handshakeCutOff : .noTLS) }
        if let login = state.login { return .security(.loginCutOff(login)) }
        return state.wasMute ? .login : nil
    }
}

extension TLSFailure {
    /// What is certain after it; nil when it may go better next time.
    fileprivate var mismatch: ListenerMismatch? {
        switch self {
        case .certificate(let text): .security(SecurityFailure(.certificate, text))
        case .clientCertificate(let text): .security(SecurityFailure(.clientCertificate, text))
        case .nothingInCommon(let text): .security(SecurityFailure(.nothingInCommon, text))
        case .notTLS(let text): .security(SecurityFailure(.noTLS, text))
        case .other: nil
        }
    }
}

/// An error in the words of the operating system, without the wrapping.
func describe(_ error: any Error) -> String {
    switch error {
    case let error as NIOConnectionError:
        if let first = error.connectionErrors.first { return describe(first.error) }
        if let reason = (error.dnsAError ?? error.dnsAAAAError) as? SystemResolver.UnknownHost {
            return "the host name could not be resolved: \(reason.reason)"
        }
        if error.dnsAError != nil || error.dnsAAAAError != nil { return "the host name could not be resolved" }
        return "the host name has no address"
    case let error as IOError:
        let text = errorText(error.errnoCode)
        return error.errnoCode == EMFILE ? text + " (raise ulimit -n)" : text
    case let error as ChannelError:
        if case .connectTimeout(let timeout) = error {
            return "no answer within \(timeout.nanoseconds / 1_000_000) ms"
        }
        return "the connection was closed"
    case let error as ConnectionError:
        return error.reason
    case NIOSSLError.uncleanShutdown, NIOSSLError.handshakeFailed, is BoringSSLError:
        return "the broker closed the connection"
    case is SocketAddressError, is SocketAddressError.UnknownHost:
        return "the host name could not be resolved"
    default:
        // Whatever else the transport throws has a type's name for a text.
        return "the connection failed"
    }
}
