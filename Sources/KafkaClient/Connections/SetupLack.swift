// SPDX-License-Identifier: Apache-2.0

/// What has not come of a connection that is being made.
package struct SetupLack: Equatable, Sendable, CustomStringConvertible {
    /// What, such as `no answer to the TLS handshake`.
    let what: String
    /// Of what this may be a sign; nil when of nothing special.
    let hint: String?

    /// The TCP connection.
    static let connection = SetupLack(what: "no connection", hint: nil)
    /// The TLS handshake.
    static let tls = SetupLack(
        what: "no answer to the TLS handshake",
        hint: "a listener without TLS may keep silent (security.protocol)"
    )
    /// The login.
    static let login = SetupLack(what: "no login", hint: nil)

    /// The answer to the question for versions.
    static func versions(isSecured: Bool) -> SetupLack {
        let other = isSecured ? "" : ", or may want TLS (security.protocol)"
        return SetupLack(
            what: "no answer to the first request",
            hint: "what listens there may be no Kafka broker\(other)"
        )
    }

    /// The same at the end of its time.
    func text(afterMilliseconds milliseconds: Int64) -> String {
        let text = "\(what) within \(milliseconds) ms (socket.connection.setup.timeout.ms)"
        return hint.map { "\(text); \($0)" } ?? text
    }

    /// What has not come yet, and of what that may be a sign.
    package var description: String { hint.map { "\(what) yet; \($0)" } ?? "\(what) yet" }
}
