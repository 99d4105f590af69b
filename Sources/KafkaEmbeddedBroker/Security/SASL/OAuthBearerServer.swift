// SPDX-License-Identifier: Apache-2.0

/// The broker's side of OAUTHBEARER (RFC 7628): one message, and after a refusal one byte more, which has the client
/// learn the reason.
struct OAuthBearerServer {
    private static let separator: UInt8 = 0x01

    /// What the client was told, before it says that it has read it.
    private var refusal: SASLFailure?

    /// Takes the client's next message.
    ///
    /// - Parameters:
    ///   - message: `n,[a=NAME],^Aauth=Bearer TOKEN^A[KEY=VALUE^A...]^A`.
    ///   - now: Milliseconds since 1970.
    /// - Throws: Why the login fails.
    /// - Returns: What goes back to the client.
    mutating func received(_ message: [UInt8], at now: Int64) throws(SASLFailure) -> SASLStep {
        if message == [Self.separator], let refusal { throw refusal }
        refusal = nil
        guard let (authorization, text) = Self.read(message) else {
            throw .general(reason: "the OAUTHBEARER message cannot be read")
        }
        let token: UnsecuredToken
        do throws(UnsecuredToken.Objection) {
            token = try UnsecuredToken(text, at: now)
        } catch {
            let answer = "{\"status\":\"invalid_token\"}"
            refusal = .told(answer)
            return .challenge(Array(answer.utf8))
        }
        guard authorization.isEmpty || authorization == token.name else {
            throw .told(
                "Authentication failed: Client requested an authorization id (\(authorization)) that is different "
                    + "from the token's principal name (\(token.name))"
            )
        }
        return .complete([], SASLIdentity(name: token.name, expiry: token.expiry))
    }

    /// Whom the client wants to act for, and its token.
    private static func read(_ message: [UInt8]) -> (authorization: String, token: ArraySlice<UInt8>)? {
        let parts = message.split(separator: separator, omittingEmptySubsequences: false)
        // The header, the pairs, and nothing behind each of the two separators at the end.
        guard parts.count >= 4, parts.suffix(2).allSatisfy(\.isEmpty), let header = parts.first else { return nil }
        guard let authorization = authorization(in: header) else { return nil }
        var token: ArraySlice<UInt8>?
        for pair in parts.dropFirst().dropLast(2) {
            let key = pair.prefix { $0 != UInt8(ascii: "=") }
            let value = pair.dropFirst(key.count + 1)
            guard !key.isEmpty, key.allSatisfy(isLetter), !value.isEmpty, value.allSatisfy(isAllowed) else {
                return nil
            }
            guard key.elementsEqual("auth".utf8) else { continue }
            let words = value.split(separator: UInt8(ascii: " "), maxSplits: 1)
            guard words.count == 2, words[0].elementsEqual("bearer".utf8, by: { $0 | 0x20 == $1 }) else { return nil }
            token = words[1].drop { $0 == UInt8(ascii: " ") }
        }
        return token.map { (authorization, $0) }
    }

    private static func authorization(in header: ArraySlice<UInt8>) -> String? {
        guard header.starts(with: "n,".utf8), header.last == UInt8(ascii: ",") else { return nil }
        let field = header.dropFirst(2).dropLast()
        if field.isEmpty { return header.count == 3 ? "" : nil }
        guard let named = ScramField(field), named.key == UInt8(ascii: "a") else { return nil }
        return ScramClientFirst.decodeName(named.value)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        (0x20...0x7E).contains(byte) || [0x09, 0x0A, 0x0D].contains(byte)
    }
}
