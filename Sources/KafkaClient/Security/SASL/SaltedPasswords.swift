// SPDX-License-Identifier: Apache-2.0
import Crypto
import Synchronization

/// What passwords hash to with the salts that brokers name: thousands of hashes each, and so remembered.
final class SaltedPasswords: Sendable {
    /// How many are remembered. A cluster has one salt for a user; a hostile broker may name any number.
    private static let limit = 8

    private struct Key: Hashable {
        let salt: [UInt8]
        let iterations: Int
    }

    private let known = Mutex<[Key: SymmetricKey]>([:])

    /// The password with a salt. All calls must name the same password and hash.
    func salted(_ password: Secret, by hash: ScramHash, salt: [UInt8], iterations: Int) throws -> SymmetricKey {
        let key = Key(salt: salt, iterations: iterations)
        if let found = known.withLock({ $0[key] }) { return found }
        let made = try hash.salted(password, salt: salt, iterations: iterations)
        known.withLock { known in
            if known.count >= Self.limit { known = [:] }
            known[key] = made
        }
        return made
    }
}
