// SPDX-License-Identifier: Apache-2.0

extension UnsecuredTokenSettings {
    /// The options of `OAuthBearerLoginModule` without a handler class, by the rules of the Java client's
    /// `OAuthBearerUnsecuredLoginCallbackHandler`.
    ///
    /// - Throws: When they make no token.
    package init(jaasOptions options: [String: Secret]) throws(SecurityRefusal) {
        var rest = options
        extensions = try OAuthExtensions.take(from: &rest, prefix: "unsecuredLoginExtension_")
        guard !rest.isEmpty else {
            throw Self.refusal(
                extensions.isEmpty
                    ? "OAuthBearerLoginModule has no option to get a token by: set sasl.login.callback.handler.class and "
                        + "sasl.oauthbearer.*, or unsecuredLoginStringClaim_sub=\"…\" for a trial"
                    : "Extensions provided in login context without a token"
            )
        }
        if let name = Self.name(rest.removeValue(forKey: "unsecuredLoginPrincipalClaimName")) {
            principalClaimName = name
        }
        if let name = Self.name(rest.removeValue(forKey: "unsecuredLoginScopeClaimName")) { scopeClaimName = name }
        if let seconds = rest.removeValue(forKey: "unsecuredLoginLifetimeSeconds") {
            // The value could be anything that a missing quote put there.
            guard let seconds = Int64(seconds.text), Self.lifetimes.contains(seconds) else {
                throw Self.refusal("unsecuredLoginLifetimeSeconds must be a number of seconds from 1 on")
            }
            lifetime = .seconds(seconds)
        }
        for (option, value) in rest {
            guard let (name, claim) = try Self.claim(option, value.text) else { continue }
            guard !Self.reserved.contains(name) else { throw Self.refusal("Cannot explicitly set the '\(name)' claim") }
            claims[name] = claim
            rest.removeValue(forKey: option)
        }
        if !rest.isEmpty { notes.append(JAASConfiguration.note(unused: rest)) }
        try checkClaims()
    }

    /// Whether brokers could make something of the claims.
    private func checkClaims() throws(SecurityRefusal) {
        guard case .string(let principal)? = claims[principalClaimName] else {
            throw Self.refusal(
                claims[principalClaimName] == nil
                    ? "No principal name in JWT claim: \(principalClaimName)"
                    : "the claim that says whose the token is, \(principalClaimName), must be a string"
            )
        }
        guard !OAuthText.trimmed(principal).isEmpty else {
            throw Self.refusal("No principal name in JWT claim: \(principalClaimName)")
        }
        if case .number? = claims[scopeClaimName] {
            throw Self.refusal("the claim with the scope, \(scopeClaimName), must be a string or a list")
        }
    }

    /// Up to a thousand years: beyond it the numbers of a token are not exact.
    private static let lifetimes: ClosedRange<Int64> = 1...1000 * 365 * 86400
    /// The claims that are made here.
    private static let reserved: Set<String> = ["iat", "exp"]

    private static func name(_ value: Secret?) -> String? {
        OAuthText.words(value?.text)
    }

    private static func claim(
        _ option: String,
        _ value: String
    ) throws(SecurityRefusal) -> (name: String, claim: Claim)? {
        if let name = name(option, after: "unsecuredLoginStringClaim_") { return (name, .string(value)) }
        if let name = name(option, after: "unsecuredLoginListClaim_") { return (name, .list(elements(value))) }
        guard let name = name(option, after: "unsecuredLoginNumberClaim_") else { return nil }
        guard let number = Double(OAuthText.trimmed(value)), number.isFinite else {
            throw refusal("an option unsecuredLoginNumberClaim_… must be a number")
        }
        return (name, .number(number))
    }

    private static func name(_ option: String, after prefix: String) -> String? {
        option.hasPrefix(prefix) && option.count > prefix.count ? String(option.dropFirst(prefix.count)) : nil
    }

    /// The elements of a list, whose first character says what separates them.
    private static func elements(_ value: String) -> [String] {
        guard let separator = value.first, value.count > 1 else { return [] }
        return value.dropFirst().split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }

    private static func refusal(_ text: String) -> SecurityRefusal {
        SecurityRefusal(key: "sasl.jaas.config", "sasl.jaas.config: \(text)")
    }
}
