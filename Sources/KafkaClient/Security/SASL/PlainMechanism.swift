// SPDX-License-Identifier: Apache-2.0

/// PLAIN (RFC 4616): name and password as they are, in one token. Only TLS keeps them from being read on their way.
package struct PlainMechanism: SASLMechanism {
    /// PLAIN.
    package var name: SASLMechanismName { .plain }

    private let username: String
    private let password: Secret
    private var isStarted = false

    /// A login of a user.
    package init(username: String, password: Secret) {
        self.username = username
        self.password = password
    }

    /// No identity to act for, the name, the password, each behind a NUL.
    ///
    /// - Throws: For a NUL in the name or in the password, and when one of them is empty, which every broker refuses.
    package mutating func start() throws(SASLError) -> Secret {
        guard !username.isEmpty, !password.isEmpty else {
            throw .credentials("PLAIN needs username and password: set both in sasl.jaas.config")
        }
        let (name, password) = (Array(username.utf8), password.bytes)
        guard !name.contains(0), !password.contains(0) else {
            throw .credentials("PLAIN cannot send a NUL character: username or password in sasl.jaas.config has one")
        }
        isStarted = true
        return Secret([0] + name + [0] + password)
    }

    /// Done; a broker has nothing to say but an empty token.
    package mutating func respond(to token: [UInt8]) throws(SASLError) -> SASLReply {
        guard isStarted, token.isEmpty else { throw .unexpectedToken(name) }
        isStarted = false
        return .done
    }
}
