// SPDX-License-Identifier: Apache-2.0

/// What takes connections at an address and is not a broker's listener that can be used with these settings.
@nonexhaustive
public enum ListenerMismatch: Sendable, Hashable, CustomStringConvertible {
    /// It answers in TLS.
    case tls
    /// It answers in HTTP.
    case http
    /// It tells its versions and closes the connection at the next request: a broker that waits for a login does so.
    case login
    /// TLS or the login failed.
    case security(SecurityFailure)
    /// It serves what a controller of the cluster serves (KRaft), and neither Metadata nor Produce.
    case controller
    /// It serves no version of Metadata that this producer knows.
    case noMetadata

    /// What it is and what to do, as the end of a sentence.
    public var description: String {
        switch self {
        case .tls:
            "looks like TLS: set security.protocol to SSL, or to SASL_SSL if the listener wants a login as well"
        case .http: "answers in HTTP, so it is no Kafka broker's port; correct bootstrap.servers"
        case .login:
            "looks like a SASL listener: the broker tells its versions and closes the connection at the first request; "
                + "set security.protocol to SASL_PLAINTEXT, or to SASL_SSL in place of SSL, with sasl.mechanism and "
                + "sasl.jaas.config"
        case .security(let failure): failure.reason
        case .controller: "is a controller's listener, not a broker's; name a broker's in bootstrap.servers"
        case .noMetadata: "serves no version of Metadata requests that this producer knows; name a Kafka broker"
        }
    }
}
