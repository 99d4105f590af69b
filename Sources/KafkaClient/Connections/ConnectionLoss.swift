// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix
import Platform

/// Why a connection could not be made, or ended although this side wanted it.
struct ConnectionLoss: Sendable {
    /// In words, for a person.
    let reason: String
    /// What the peer is, if it showed that it is no broker's plain-text listener.
    let mismatch: ListenerMismatch?
    /// Whether the peer ended it, rather than bytes that this side could not take.
    let isByPeer: Bool

    /// The end of a connection after this error, or after none: then the peer has closed it.
    init(_ error: (any Error)?) {
        reason = error.map(describe) ?? "the broker closed the connection"
        let own = error as? ConnectionError
        mismatch = own?.mismatch
        isByPeer = own == nil
    }
}

extension ConnectionLoss {
    /// The reason, with what the moment at which it happened says about the peer.
    func explained(wasSettingUp: Bool, wasMute: Bool) -> String {
        guard isByPeer else { return reason }
        if wasSettingUp {
            return reason + " before it answered anything; a listener for TLS may do that "
                + "(security.protocol=SSL is not there yet), or a proxy whose broker is not up"
        }
        return wasMute ? reason + " at the first request; a listener that wants a login does that" : reason
    }
}

/// An error in the words of the operating system, without the wrapping.
func describe(_ error: any Error) -> String {
    switch error {
    case let error as NIOConnectionError:
        if let first = error.connectionErrors.first { return describe(first.error) }
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
    case is SocketAddressError, is SocketAddressError.UnknownHost:
        return "the host name could not be resolved"
    default:
        // Whatever else the transport throws has a type's name for a text.
        return "the connection failed"
    }
}
