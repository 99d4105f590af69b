// SPDX-License-Identifier: Apache-2.0
import Crypto

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// SCRAM (RFC 5802, RFC 7677): each side proves to the other that it knows the password, and neither says it.
///
/// As in Kafka, name and password are UTF-8 as they stand, without SASLprep, and there is no channel binding. The
/// second step takes as many hashes as the broker asks for: do it where nobody waits.
package struct ScramMechanism: SASLMechanism {
    /// How many iterations a broker may ask for. Below, a listener could guess the password; the upper bound keeps a
    /// hostile broker from holding the client up.
    package static let iterations = 4096...1_000_000

    private enum State {
        case initial
        case waitsForServerFirst(clientFirst: String)
        case waitsForServerFinal(serverKey: SymmetricKey, authMessage: [UInt8])
        case ended
    }

    private let hash: ScramHash
    private let username: String
    private let password: Secret
    private let isToken: Bool
    private let nonce: String
    private let salted: SaltedPasswords
    private var state = State.initial

    /// The mechanism's name.
    package var name: SASLMechanismName { hash.mechanism }

    /// A login of a user.
    ///
    /// - Parameters:
    ///   - name: SCRAM-SHA-256 or SCRAM-SHA-512; nil comes of any other.
    ///   - username: The user's name, or a delegation token's id.
    ///   - password: The password, or the token's HMAC.
    ///   - isToken: Whether they are those of a delegation token (KIP-48).
    ///   - nonce: A text that no other login has used: see ``makeNonce(using:)``.
    package init?(name: SASLMechanismName, username: String, password: Secret, isToken: Bool = false, nonce: String) {
        guard let hash = ScramHash(name) else { return nil }
        self.init(hash: hash, username: username, password: password, isToken: isToken, nonce: nonce)
    }

    /// A login of a user, beside others of the same user.
    init(
        hash: ScramHash,
        username: String,
        password: Secret,
        isToken: Bool,
        nonce: String,
        salted: SaltedPasswords = SaltedPasswords()
    ) {
        self.hash = hash
        self.username = username
        self.password = password
        self.isToken = isToken
        self.nonce = nonce
        self.salted = salted
    }

    /// A nonce of 142 random bits. The generator must be one that nobody can foresee.
    package static func makeNonce(using generator: inout some RandomNumberGenerator) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        return String((0..<24).map { _ in letters[Int.random(in: letters.indices, using: &generator)] })
    }

    /// `n,,n=NAME,r=NONCE[,tokenauth=true]`.
    ///
    /// - Throws: For an empty name or password, and for a NUL in the name, which the form cannot say.
    package mutating func start() throws(SASLError) -> Secret {
        guard case .initial = state else { throw .unexpectedToken(name) }
        guard !username.isEmpty, !password.isEmpty else {
            throw .credentials("\(name.rawValue) needs username and password: set both in sasl.jaas.config")
        }
        guard !username.utf8.contains(0) else {
            throw .credentials("\(name.rawValue) cannot send a NUL character: username in sasl.jaas.config has one")
        }
        let first = "n=\(Self.escaped(username)),r=\(nonce)" + (isToken ? ",tokenauth=true" : "")
        state = .waitsForServerFirst(clientFirst: first)
        return Secret(Self.header + first)
    }

    /// Proves that the client knows the password; then checks that the broker does.
    package mutating func respond(to token: [UInt8]) throws(SASLError) -> SASLReply {
        let before = state
        state = .ended
        switch before {
        case .initial, .ended:
            throw .unexpectedToken(name)
        case .waitsForServerFirst(let clientFirst):
            return .token(try proof(clientFirst: clientFirst, serverFirst: token))
        case .waitsForServerFinal(let serverKey, let authMessage):
            try check(token, serverKey: serverKey, authMessage: authMessage)
            return .done
        }
    }

    private mutating func proof(clientFirst: String, serverFirst: [UInt8]) throws(SASLError) -> Secret {
        guard let message = ScramServerFirst(serverFirst) else {
            throw .malformed(name, "the first one must be r=NONCE,s=SALT,i=ITERATIONS")
        }
        guard message.nonce.utf8.starts(with: nonce.utf8) else { throw .foreignNonce }
        guard message.iterations >= Self.iterations.lowerBound else {
            throw .tooFewIterations(message.iterations, name)
        }
        guard message.iterations <= Self.iterations.upperBound else {
            throw .tooManyIterations(message.iterations, name)
        }
        guard
            let salted = try? salted.salted(password, by: hash, salt: message.salt, iterations: message.iterations)
        else {
            throw .credentials("\(name.rawValue) cannot hash the password")
        }
        let withoutProof = "c=\(Data(Self.header.utf8).base64EncodedString()),r=\(message.nonce)"
        // The broker's message as it came: it signs what it sent.
        let authMessage = Array("\(clientFirst),".utf8) + serverFirst + Array(",\(withoutProof)".utf8)
        let clientKey = hash.authenticationCode(of: Array("Client Key".utf8), key: salted)
        let storedKey = SymmetricKey(data: hash.hash(clientKey))
        let signature = hash.authenticationCode(of: authMessage, key: storedKey)
        let proof = Data(zip(clientKey, signature).map { $0 ^ $1 })
        let serverKey = hash.authenticationCode(of: Array("Server Key".utf8), key: salted)
        state = .waitsForServerFinal(serverKey: SymmetricKey(data: serverKey), authMessage: authMessage)
        return Secret("\(withoutProof),p=\(proof.base64EncodedString())")
    }

    private func check(_ token: [UInt8], serverKey: SymmetricKey, authMessage: [UInt8]) throws(SASLError) {
        switch ScramServerFinal(token) {
        case nil:
            throw .malformed(name, "the last one must be v=SIGNATURE or e=ERROR")
        case .error(let text):
            throw .refused(name, ForeignText.shown(text))
        case .signature(let signature):
            guard hash.isAuthenticationCode(signature, of: authMessage, key: serverKey) else { throw .serverSignature }
        }
    }

    /// No channel binding, and nobody to act for.
    private static let header = "n,,"

    /// `=` and `,` have a meaning in the messages.
    private static func escaped(_ name: String) -> String {
        var bytes: [UInt8] = []
        for byte in name.utf8 {
            switch byte {
            case 0x3D: bytes += Array("=3D".utf8)
            case 0x2C: bytes += Array("=2C".utf8)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
