// SPDX-License-Identifier: Apache-2.0

/// The assertion with which a client says who it is, in place of a secret (RFC 7523): Kafka's
/// `sasl.oauthbearer.assertion.*`. It is read from a file, or else made and signed here.
package struct OAuthAssertionSettings: Sendable {
    /// How an assertion is signed.
    package enum Algorithm: String, CaseIterable, Sendable {
        /// RSA with SHA-256.
        case rs256 = "RS256"
        /// The elliptic curve P-256 with SHA-256.
        case es256 = "ES256"
    }

    /// A file with an assertion that somebody else keeps fresh; nothing else here matters then. Kafka's
    /// `sasl.oauthbearer.assertion.file`. Default: none.
    package var file: String?
    /// Kafka's `sasl.oauthbearer.assertion.algorithm`.
    package var algorithm = Algorithm.rs256
    /// For whom the assertion is. Kafka's `sasl.oauthbearer.assertion.claim.aud`. Default: none.
    package var audience: String?
    /// Who makes it. Kafka's `sasl.oauthbearer.assertion.claim.iss`. Default: none.
    package var issuer: String?
    /// Whom it is about. Kafka's `sasl.oauthbearer.assertion.claim.sub`. Default: none.
    package var subject: String?
    /// For how long it holds from now on. Kafka's `sasl.oauthbearer.assertion.claim.exp.seconds`.
    package var lifetime: Duration = .seconds(300)
    /// Since when it has been holding, for issuers whose clock is slow. Kafka's
    /// `sasl.oauthbearer.assertion.claim.nbf.seconds`.
    package var notBefore: Duration = .seconds(60)
    /// Whether each assertion has a name of its own, `jti`. Kafka's `sasl.oauthbearer.assertion.claim.jti.include`.
    package var includesID = false
    /// A file with the private key, in PEM. Kafka's `sasl.oauthbearer.assertion.private.key.file`. Default: none.
    package var privateKeyFile: String?
    /// Its password. Kafka's `sasl.oauthbearer.assertion.private.key.passphrase`. Default: none.
    package var privateKeyPassphrase: Secret?
    /// A file with more header fields and claims: `{"header": {…}, "payload": {…}}`. Kafka's
    /// `sasl.oauthbearer.assertion.template.file`. Default: none.
    package var templateFile: String?

    /// The defaults.
    package init() {}

    /// Whether client credentials are proved by an assertion and not by a secret.
    package var isWanted: Bool { file != nil || issuer != nil }
}
