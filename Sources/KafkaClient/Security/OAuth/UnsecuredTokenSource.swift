// SPDX-License-Identifier: Apache-2.0

/// Makes the tokens that nobody signs.
struct UnsecuredTokenSource: TokenSource {
    let settings: UnsecuredTokenSettings
    let clock: LoginClock

    func token() async throws(LoginError) -> BearerToken {
        let now = clock.now()
        let end = now + settings.lifetime.milliseconds
        var claims = settings.claims.mapValues(\.value)
        claims["iat"] = .number(Double(now) / 1000)
        claims["exp"] = .number(Double(end) / 1000)
        let header = Base64URL.encode(Array(#"{"alg":"none"}"#.utf8))
        let payload = Base64URL.encode(Array(JSONValue.object(claims).text.utf8))
        guard case .string(let principal)? = settings.claims[settings.principalClaimName] else {
            throw LoginError("No principal name in JWT claim: \(settings.principalClaimName)", isRetriable: false)
        }
        return BearerToken(value: Secret("\(header).\(payload)."), principal: principal, start: now, end: end)
    }
}

extension UnsecuredTokenSettings.Claim {
    fileprivate var value: JSONValue {
        switch self {
        case .string(let text): .string(text)
        case .number(let number): .number(number)
        case .list(let texts): .array(texts.map { .string($0) })
        }
    }
}

extension TokenLogin {
    /// A login with tokens that nobody signs.
    package convenience init(_ settings: UnsecuredTokenSettings, clock: LoginClock = .system) {
        self.init(
            source: UnsecuredTokenSource(settings: settings, clock: clock),
            refresh: settings.refresh,
            extensions: settings.extensions,
            notes: settings.notes,
            clock: clock
        )
    }
}
