// SPDX-License-Identifier: Apache-2.0

/// What a client wants to see in a token of an issuer before it sends it: the rules of the Java client's
/// `ClientJwtValidator`. The signature is the broker's affair.
struct TokenCheck: Sendable {
    let scopeClaimName: String
    let subjectClaimName: String

    /// Looks at a token.
    ///
    /// - Throws: For a token that is no JWT, and for a claim that is missing or wrong.
    func token(_ text: String) throws(TokenFault) -> BearerToken {
        let text = OAuthText.trimmed(text)
        let sections = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard sections.count == 3, sections.prefix(2).allSatisfy({ !$0.isEmpty }),
            !sections[2].isEmpty || Self.isUnsigned(sections[0])
        else {
            throw TokenFault("Malformed JWT provided; expected three sections (header, payload, and signature)")
        }
        guard let bytes = Base64URL.decode(sections[1]) else {
            throw TokenFault("Could not validate the access token: malformed Base64 URL encoded value")
        }
        guard let claims = JSONValue(bytes) else {
            throw TokenFault("Could not validate the access token: malformed JSON")
        }
        try checkScope(claims[scopeClaimName])
        guard let end = try Self.time(claims["exp"], "exp") else { throw TokenFault("exp value must be non-null") }
        let principal = try principal(claims[subjectClaimName])
        let start = try Self.time(claims["iat"], "iat")
        return BearerToken(value: Secret(text), principal: principal, start: start, end: end)
    }

    /// A token that says itself that nobody signed it has no signature. Java refuses it, and the brokers that take such tokens
    /// refuse those with a signature.
    private static func isUnsigned(_ header: Substring.UTF8View) -> Bool {
        Base64URL.decode(header).flatMap { JSONValue($0) }?["alg"] == .string("none")
    }

    private func principal(_ claim: JSONValue?) throws(TokenFault) -> String {
        guard let claim else { throw TokenFault("\(subjectClaimName) value must be non-null") }
        guard let principal = claim.string else { throw TokenFault("\(subjectClaimName) value must be a string") }
        try Self.checkText(principal, subjectClaimName)
        return principal
    }

    private func checkScope(_ claim: JSONValue?) throws(TokenFault) {
        switch claim {
        case .string(let scope): try Self.checkText(scope, scopeClaimName)
        case .array(let scopes):
            var seen: Set<String> = []
            for scope in scopes {
                guard let scope = scope.string else { continue }
                try Self.checkText(scope, scopeClaimName)
                guard seen.insert(OAuthText.trimmed(scope)).inserted else {
                    throw TokenFault("\(scopeClaimName) value must not contain duplicates")
                }
            }
        case nil, .null, .bool, .integer, .number, .object: break
        }
    }

    private static func checkText(_ text: String, _ name: String) throws(TokenFault) {
        guard !text.isEmpty else { throw TokenFault("\(name) value must be non-empty") }
        guard !OAuthText.trimmed(text).isEmpty else {
            throw TokenFault("\(name) value must not contain only whitespace")
        }
    }

    /// Seconds, of which whole ones count, in milliseconds.
    private static func time(_ claim: JSONValue?, _ name: String) throws(TokenFault) -> Int64? {
        switch claim {
        case nil, .null: return nil
        case .some(let claim):
            guard let seconds = claim.wholeNumber, seconds <= .max / 1000 else {
                throw TokenFault("\(name) value must be a number of seconds")
            }
            guard seconds >= 0 else { throw TokenFault("\(name) value must be non-negative") }
            return seconds * 1000
        }
    }
}
