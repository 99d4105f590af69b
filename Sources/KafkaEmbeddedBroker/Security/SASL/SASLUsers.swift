// SPDX-License-Identifier: Apache-2.0
import Crypto

/// The users of a broker, and what it keeps of their passwords for SCRAM: made at a user's first login, since it costs
/// milliseconds. It lives on the broker's event loop.
final class SASLUsers {
    private struct Key: Hashable {
        let name: String
        let hash: ScramDigest
        let iterations: Int
    }

    private let passwords: [String: SymmetricKey]
    private var credentials: [Key: ScramCredential] = [:]

    private let salt: [UInt8]?

    /// - Parameters:
    ///   - passwords: The users' passwords, by their names.
    ///   - salt: What SCRAM salts all passwords with; nil for a random salt for each of them.
    init(_ passwords: [String: String], salt: [UInt8]? = nil) {
        self.salt = salt
        self.passwords = passwords.mapValues { SymmetricKey(data: Array($0.utf8)) }
    }

    /// Whether it is the user's password: compared in constant time.
    func hasPassword(_ password: [UInt8], user: String) -> Bool {
        guard let right = passwords[user] else { return false }
        return SymmetricKey(data: password) == right
    }

    /// What SCRAM needs of a user, with a salt that stays the same as long as the broker runs; nil for no such user.
    func credential(of name: String, _ hash: ScramDigest, iterations: Int) -> ScramCredential? {
        let key = Key(name: name, hash: hash, iterations: iterations)
        if let known = credentials[key] { return known }
        guard let password = passwords[name] else { return nil }
        var generator = SystemRandomNumberGenerator()
        let salt = salt ?? (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let bytes = unsafe password.withUnsafeBytes { unsafe Array($0) }
        let credential = ScramCredential(hash, password: bytes, salt: salt, iterations: iterations)
        credentials[key] = credential
        return credential
    }
}
