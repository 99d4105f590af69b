// SPDX-License-Identifier: Apache-2.0

/// Logs in by SCRAM. The password is hashed once for each salt, which is the same on all brokers of a cluster.
package struct ScramLogin: ClientLogin {
    /// SCRAM-SHA-256 or SCRAM-SHA-512.
    package let mechanism: SASLMechanismName
    private let hash: ScramHash
    private let username: String
    private let password: Secret
    private let isToken: Bool
    private let salted = SaltedPasswords()

    /// The name, or a delegation token's id.
    package var user: String? { username }

    /// The login of a user.
    ///
    /// - Parameters:
    ///   - mechanism: SCRAM-SHA-256 or SCRAM-SHA-512; nil comes of any other.
    ///   - username: The user's name, or a delegation token's id.
    ///   - password: The password, or the token's HMAC.
    ///   - isToken: Whether they are those of a delegation token (KIP-48).
    package init?(mechanism: SASLMechanismName, username: String, password: Secret, isToken: Bool = false) {
        guard let hash = ScramHash(mechanism) else { return nil }
        self.mechanism = mechanism
        self.hash = hash
        self.username = username
        self.password = password
        self.isToken = isToken
    }

    package func begin(host: String) async throws(LoginError) -> any SASLMechanism {
        var generator = SystemRandomNumberGenerator()
        return ScramMechanism(
            hash: hash,
            username: username,
            password: password,
            isToken: isToken,
            nonce: ScramMechanism.makeNonce(using: &generator),
            salted: salted
        )
    }
}
