// SPDX-License-Identifier: Apache-2.0

/// How tokens for OAUTHBEARER are got from whoever issues them: Kafka's `sasl.oauthbearer.*` and `sasl.login.*`, and the
/// options of `OAuthBearerLoginModule` in `sasl.jaas.config`.
///
/// It only says what is wanted. ``TokenLogin`` refuses what does not go together.
package struct OAuthSettings: Sendable {
    /// Where tokens are asked for, or a `file:` with one. Kafka's `sasl.oauthbearer.token.endpoint.url`. Default: none.
    package var tokenEndpoint: String?
    /// How they are asked for. Kafka's `sasl.oauthbearer.jwt.retriever.class`.
    package var retriever = OAuthRetriever.default
    /// Who asks. Kafka's `sasl.oauthbearer.client.credentials.client.id`, or else the option `clientId`.
    package var clientID: String?
    /// The proof of it. Kafka's `sasl.oauthbearer.client.credentials.client.secret`, or else the option `clientSecret`.
    package var clientSecret: Secret?
    /// What the token shall be good for. Kafka's `sasl.oauthbearer.scope`, or else the option `scope`.
    package var scope: String?
    /// Whether client id and secret are encoded as in a form before they go into the header `Authorization`, as RFC 6749
    /// wants it and not all issuers do. Kafka's `sasl.oauthbearer.header.urlencode`.
    package var encodesHeader = false
    /// The assertion that takes the place of the secret. Kafka's `sasl.oauthbearer.assertion.*`.
    package var assertion = OAuthAssertionSettings()
    /// The claim with the scope. Kafka's `sasl.oauthbearer.scope.claim.name`.
    package var scopeClaimName = "scope"
    /// The claim that says whose the token is. Kafka's `sasl.oauthbearer.sub.claim.name`.
    package var subjectClaimName = "sub"
    /// When a token is replaced by the next one. Kafka's `sasl.login.refresh.*`.
    package var refresh = TokenRefreshSettings()
    /// How long connecting to the endpoint may take, its TLS handshake included. Kafka's `sasl.login.connect.timeout.ms`,
    /// for whose null Java waits without a limit, and here it is 10 s.
    package var connectTimeout: Duration = .seconds(10)
    /// How long its answer may take. Kafka's `sasl.login.read.timeout.ms`, for whose null Java waits without a limit, and
    /// here it is 30 s.
    package var readTimeout: Duration = .seconds(30)
    /// The wait before asking again; it doubles. Kafka's `sasl.login.retry.backoff.ms`.
    package var retryBackoff: Duration = .milliseconds(100)
    /// The time for all attempts together. Kafka's `sasl.login.retry.backoff.max.ms`.
    package var retryBackoffMax: Duration = .seconds(10)
    /// What brokers are told besides the token (KIP-342): the options `extension_NAME`.
    package var extensions: [String: String] = [:]
    /// TLS to the endpoint: the options `ssl.*` in `sasl.jaas.config`, and not the client's own `ssl.*`. Default: the
    /// system's CAs.
    package var endpointTLS = TLSSettings()
    /// What to tell the user at the start about the options in `sasl.jaas.config`: what they say in an old way, and what
    /// has no effect. No text shows a value.
    package var notes: [String] = []

    /// The defaults.
    package init() {}
}
