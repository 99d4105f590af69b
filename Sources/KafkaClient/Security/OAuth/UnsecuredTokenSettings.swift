// SPDX-License-Identifier: Apache-2.0

/// The token that a client makes for itself and nobody signs: what OAUTHBEARER uses when no handler is named. It is for
/// trials: a broker that is set up for more refuses it. The options `unsecuredLogin…` of `OAuthBearerLoginModule`.
package struct UnsecuredTokenSettings: Sendable, Equatable {
    /// What a claim says.
    package enum Claim: Sendable, Equatable {
        case string(String)
        case number(Double)
        case list([String])
    }

    /// The claims besides `iat` and `exp`: the options `unsecuredLoginStringClaim_NAME`, `unsecuredLoginNumberClaim_NAME`
    /// and `unsecuredLoginListClaim_NAME`.
    package var claims: [String: Claim] = [:]
    /// The claim that says whose the token is. The option `unsecuredLoginPrincipalClaimName`.
    package var principalClaimName = "sub"
    /// The claim with the scope. The option `unsecuredLoginScopeClaimName`.
    package var scopeClaimName = "scope"
    /// For how long each token holds. The option `unsecuredLoginLifetimeSeconds`.
    package var lifetime: Duration = .seconds(3600)
    /// What brokers are told besides the token (KIP-342): the options `unsecuredLoginExtension_NAME`.
    package var extensions: [String: String] = [:]
    /// When a token is replaced by the next one. Kafka's `sasl.login.refresh.*`.
    package var refresh = TokenRefreshSettings()
    /// What to tell the user at the start: options that have no effect.
    package var notes: [String] = []

    /// A token with these claims.
    package init(claims: [String: Claim]) {
        self.claims = claims
    }
}
