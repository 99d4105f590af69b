// SPDX-License-Identifier: Apache-2.0

/// OAUTHBEARER (RFC 7628): a token that somebody whom the broker trusts has made.
///
/// A broker that refuses the token says why in a message without an error; only an empty answer to it brings the error.
package struct OAuthBearerMechanism: SASLMechanism {
    private enum State {
        case initial
        case waitsForAnswer
        case waitsForError(SASLError)
        case ended
    }

    /// OAUTHBEARER.
    package var name: SASLMechanismName { .oauthBearer }

    private let token: Secret
    private let extensions: [String: String]
    private var state = State.initial

    /// A login with a token.
    ///
    /// - Parameters:
    ///   - token: The token, as the header `Authorization: Bearer` has it.
    ///   - extensions: What else the broker wants to know (KIP-342), such as `logicalCluster`.
    package init(token: Secret, extensions: [String: String] = [:]) {
        self.token = token
        self.extensions = extensions
    }

    /// Why the broker refused the token, once it has said so: the error that follows is the same in other words.
    package var refusal: SASLError? {
        if case .waitsForError(let error) = state { error } else { nil }
    }

    /// `n,,`, the token and the extensions, each behind a byte of 1, and two of them at the end.
    ///
    /// - Throws: For a token or an extension that the form cannot say.
    package mutating func start() throws(SASLError) -> Secret {
        guard case .initial = state else { throw .unexpectedToken(name) }
        let bytes = token.bytes
        guard !bytes.isEmpty, bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .credentials(
                bytes.isEmpty
                    ? "the OAUTHBEARER token is empty"
                    : "the OAUTHBEARER token has a character that none may have: only visible ASCII without blanks"
            )
        }
        var message = Array("n,,\u{1}auth=Bearer ".utf8) + bytes + [1]
        for (name, value) in extensions.sorted(by: { $0.key < $1.key }) {
            try Self.check(name, value)
            message += Array("\(name)=\(value)\u{1}".utf8)
        }
        state = .waitsForAnswer
        return Secret(message + [1])
    }

    /// Done, or the empty answer with which the broker's error is asked for.
    package mutating func respond(to token: [UInt8]) throws(SASLError) -> SASLReply {
        let before = state
        state = .ended
        switch before {
        case .initial, .ended:
            throw .unexpectedToken(name)
        case .waitsForAnswer:
            guard !token.isEmpty else { return .done }
            state = .waitsForError(OAuthBearerRefusal(token).error)
            return .token(Secret([1]))
        case .waitsForError(let error):
            throw error
        }
    }

    /// Names are letters; values are visible ASCII, blanks, tabs and ends of lines.
    static func check(_ name: String, _ value: String) throws(SASLError) {
        guard !name.isEmpty, name.utf8.allSatisfy({ (0x61...0x7A).contains($0 | 0x20) }) else {
            throw .credentials("the name of a SASL extension must consist of the letters A to Z and a to z")
        }
        guard name != "auth" else { throw .credentials("a SASL extension must not be called auth") }
        let isSayable = value.utf8.allSatisfy { byte in
            (0x20...0x7E).contains(byte) || byte == 0x09 || byte == 0x0A || byte == 0x0D
        }
        guard !value.isEmpty, isSayable else {
            throw .credentials("the value of the SASL extension \(name) must be ASCII text, and not empty")
        }
    }
}
