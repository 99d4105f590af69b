// SPDX-License-Identifier: Apache-2.0
/// A login by a token of OAuth: Kafka's `sasl.oauthbearer.*`. It has an effect with the mechanism OAUTHBEARER.
public struct OAuthConfiguration: Sendable, Hashable {
    /// Where tokens are fetched: a URL of https, http or file. Kafka's `sasl.oauthbearer.token.endpoint.url`.
    public var tokenEndpointURL: String?
    /// The scope to ask for. Kafka's `sasl.oauthbearer.scope`.
    public var scope: String?
    /// The id of the client that asks. Kafka's `sasl.oauthbearer.client.credentials.client.id`.
    public var clientID: String?
    /// The secret of the client that asks. Kafka's `sasl.oauthbearer.client.credentials.client.secret`.
    public var clientSecret: Password?
    /// Whether id and secret are URL-encoded in the request's header. Kafka's `sasl.oauthbearer.header.urlencode`.
    public var urlEncodesHeader = false
    /// How a token is got, by the name of Kafka's Java class. Kafka's `sasl.oauthbearer.jwt.retriever.class`.
    public var retrieverClass = "org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever"
    /// How a token is looked at, by the name of Kafka's Java class. Kafka's `sasl.oauthbearer.jwt.validator.class`.
    public var validatorClass = "org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator"
    /// The claim that holds the scope. Kafka's `sasl.oauthbearer.scope.claim.name`.
    public var scopeClaimName = "scope"
    /// The claim that holds the subject. Kafka's `sasl.oauthbearer.sub.claim.name`.
    public var subClaimName = "sub"
    /// What proves who asks, instead of a secret. Kafka's `sasl.oauthbearer.assertion.*`.
    public var assertion = AssertionConfiguration()

    /// The defaults.
    public init() {}
}
