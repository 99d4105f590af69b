// SPDX-License-Identifier: Apache-2.0

/// How the connections of a client are secured: by TLS, by a login, by both, or not at all. Kafka's `security.protocol`
/// with all that belongs to it.
///
/// It is made before the client begins, and all that is wrong with stores and credentials shows then.
package struct ClientSecurity: Sendable {
    /// TLS; nil for connections in plain text.
    package var tls: TLSContext?
    /// The login; nil for connections without one.
    package var login: (any ClientLogin)?

    /// No TLS and no login, unless they are given.
    package init(tls: TLSContext? = nil, login: (any ClientLogin)? = nil) {
        self.tls = tls
        self.login = login
    }
}
