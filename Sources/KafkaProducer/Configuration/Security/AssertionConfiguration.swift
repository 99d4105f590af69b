// SPDX-License-Identifier: Apache-2.0
/// A signed text that proves who asks for a token: Kafka's `sasl.oauthbearer.assertion.*`.
public struct AssertionConfiguration: Sendable, Hashable {
    /// A file with a finished assertion. Kafka's `sasl.oauthbearer.assertion.file`.
    public var file: String?
    /// How an assertion is signed: `RS256` or `ES256`. Kafka's `sasl.oauthbearer.assertion.algorithm`.
    public var algorithm = "RS256"
    /// The file with the key that signs. Kafka's `sasl.oauthbearer.assertion.private.key.file`.
    public var privateKeyFile: String?
    /// The password of that key. Kafka's `sasl.oauthbearer.assertion.private.key.passphrase`.
    public var privateKeyPassphrase: Password?
    /// The file with further claims. Kafka's `sasl.oauthbearer.assertion.template.file`.
    public var templateFile: String?
    /// The audience. Kafka's `sasl.oauthbearer.assertion.claim.aud`.
    public var audience: String?
    /// The issuer. Kafka's `sasl.oauthbearer.assertion.claim.iss`.
    public var issuer: String?
    /// The subject. Kafka's `sasl.oauthbearer.assertion.claim.sub`.
    public var subject: String?
    /// How long an assertion is valid, at most a day. Kafka's `sasl.oauthbearer.assertion.claim.exp.seconds`.
    public var lifetime: Duration = .seconds(300)
    /// How far before now it begins to be valid, at most an hour. Kafka's `sasl.oauthbearer.assertion.claim.nbf.seconds`.
    public var notBefore: Duration = .seconds(60)
    /// Whether each assertion has an id of its own. Kafka's `sasl.oauthbearer.assertion.claim.jti.include`.
    public var includesID = false

    /// The defaults.
    public init() {}
}
