// SPDX-License-Identifier: Apache-2.0

/// Why a connection could not be secured: what of TLS or of the login failed. No text shows a secret.
public struct SecurityFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What failed.
    @nonexhaustive
    public enum Kind: String, Sendable, Hashable {
        /// The broker's certificate: unknown CA, other name, expired.
        case certificate
        /// The client's certificate is wanted and not set, or not accepted.
        case clientCertificate
        /// No version of TLS or cipher suite in common.
        case nothingInCommon
        /// What answers does not speak TLS.
        case noTLS
        /// The peer breaks the TLS handshake off.
        case handshake
        /// The listener does not offer the mechanism.
        case mechanism
        /// The listener has no logins.
        case noLogin
        /// The broker, or the client itself, refuses the login.
        case login
        /// There is nothing to log in with: no token, no ticket.
        case credentials
    }

    /// What failed.
    public let kind: Kind
    /// What the broker did, and what to do, to follow the broker's address: `refused the login of alice (PLAIN): …`.
    public let reason: String

    init(_ kind: Kind, _ reason: String) {
        self.kind = kind
        self.reason = reason
    }

    /// The peer ends connections during the TLS handshake.
    static var noTLS: SecurityFailure {
        SecurityFailure(
            .noTLS,
            "closes the connection during the TLS handshake: is this listener without TLS? Then set security.protocol to "
                + "PLAINTEXT or SASL_PLAINTEXT, or name another listener"
        )
    }

    /// The peer answers in TLS, and ends connections before the handshake is over.
    static var handshakeCutOff: SecurityFailure {
        SecurityFailure(
            .handshake,
            "closes the connection in the middle of the TLS handshake, without a reason: look into the broker's log, and "
                + "for a proxy or a firewall before it"
        )
    }

    /// The broker ends connections in the middle of logins, as old ones do when they refuse them.
    static func loginCutOff(_ login: String) -> SecurityFailure {
        SecurityFailure(
            .login,
            "closes the connection during the login\(login): see sasl.mechanism and the name and password in "
                + "sasl.jaas.config"
        )
    }

    /// The listener has no logins.
    static var noLogin: SecurityFailure {
        SecurityFailure(
            .noLogin,
            "has a listener without SASL: set security.protocol to SSL or PLAINTEXT in place of SASL_SSL or SASL_PLAINTEXT, "
                + "or name another listener"
        )
    }

    /// The same with what else is known.
    func adding(_ doubt: String?) -> SecurityFailure {
        doubt.map { SecurityFailure(kind, "\(reason); \($0)") } ?? self
    }

    /// The reason.
    public var description: String { reason }
}
