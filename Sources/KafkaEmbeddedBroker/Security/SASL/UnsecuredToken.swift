// SPDX-License-Identifier: Apache-2.0

/// A token that nobody has signed, of which a broker believes every word: `alg` is `none` (RFC 7515, appendix A.5).
struct UnsecuredToken: Equatable {
    /// Why a token is not taken. A client is not told.
    struct Objection: Error, Equatable {
        let reason: String
    }

    /// Who has it: the claim `sub`.
    let name: String
    /// Milliseconds since 1970: the claim `exp`.
    let expiry: Int64

    /// Reads a token.
    ///
    /// - Parameters:
    ///   - text: Header, claims and an empty signature, parted by dots, each in base64 for URLs.
    ///   - now: Milliseconds since 1970. What has expired or is not yet issued is not taken.
    /// - Throws: What is wrong with it.
    init(_ text: some Collection<UInt8>, at now: Int64) throws(Objection) {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw Objection(reason: "the token has \(parts.count) parts and not 3") }
        let header = try Self.object(parts[0], "header")
        guard header.string("alg") == "none" else { throw Objection(reason: "the token's alg is not none") }
        guard parts[2].isEmpty else { throw Objection(reason: "the token has a signature, which alg none has not") }
        let claims = try Self.object(parts[1], "claims")
        guard let name = claims.string("sub"), !name.isEmpty else { throw Objection(reason: "the token has no sub") }
        guard let expiry = Self.time("exp", of: claims) else { throw Objection(reason: "the token has no exp") }
        guard now < expiry else { throw Objection(reason: "the token has expired") }
        if claims.values["iat"] != nil {
            guard let issue = Self.time("iat", of: claims) else {
                throw Objection(reason: "the token's iat is no time")
            }
            guard issue <= now else { throw Objection(reason: "the token is not issued yet") }
            guard issue < expiry else { throw Objection(reason: "the token expires before it is issued") }
        }
        self.name = name
        self.expiry = expiry
    }

    private static func object(_ text: some Collection<UInt8>, _ what: String) throws(Objection) -> JSONObject {
        guard let bytes = Base64Text.decode(text, forURLs: true), let object = JSONObject(bytes) else {
            throw Objection(reason: "the token's \(what) cannot be read")
        }
        return object
    }

    /// Seconds as a number, with a fraction, in whole milliseconds.
    private static func time(_ name: String, of claims: JSONObject) -> Int64? {
        claims.number(name).flatMap { Int64(exactly: ($0 * 1000).rounded()) }
    }
}
