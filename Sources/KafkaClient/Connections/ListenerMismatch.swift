// SPDX-License-Identifier: Apache-2.0

/// What takes connections at an address and is not a broker's listener without encryption and login.
@nonexhaustive
public enum ListenerMismatch: Sendable, Hashable, CustomStringConvertible {
    /// It answers in TLS.
    case tls
    /// It answers in HTTP.
    case http
    /// It tells its versions and closes the connection at the next request: a broker that waits for a login does so.
    case login
    /// It serves what a controller of the cluster serves (KRaft), and neither Metadata nor Produce.
    case controller
    /// It serves no version of Metadata that this producer knows.
    case noMetadata

    /// What it is and what to do, as the end of a sentence.
    public var description: String {
        switch self {
        case .tls:
            "looks like TLS: the listener wants security.protocol=SSL or SASL_SSL, which is not there yet; "
                + "name a PLAINTEXT listener"
        case .http: "answers in HTTP, so it is no Kafka broker's port; correct bootstrap.servers"
        case .login:
            "looks like a SASL listener: the broker tells its versions and closes the connection at the first request; "
                + "security.protocol=SASL_PLAINTEXT is not there yet; name a PLAINTEXT listener"
        case .controller: "is a controller's listener, not a broker's; name a broker's in bootstrap.servers"
        case .noMetadata: "serves no version of Metadata requests that this producer knows; name a Kafka broker"
        }
    }
}
