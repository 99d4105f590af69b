// SPDX-License-Identifier: Apache-2.0
import Crypto
import CryptoExtras
import SwiftASN1

/// How PBES2 makes a key of a password.
enum KeyDerivation {
    case pbkdf2(salt: [UInt8], iterations: Int, hash: KDF.Insecure.PBKDF2.HashFunction)
    case scrypt(salt: [UInt8], cost: Int, blockSize: Int, parallelism: Int)

    /// What scrypt may take of the memory.
    private static let memory = 64 << 20

    /// Reads the function and its parameters.
    init(_ value: EncodedValue, reach: PasswordCipher.Reach) throws(StoreFault) {
        var parts = try value.sequence()
        let identifier = try parts.next().objectIdentifier()
        var parameters = try parts.next().sequence()
        let salt = try parameters.next().octets()
        switch (identifier, reach) {
        case ([1, 2, 840, 113549, 1, 5, 12], _):
            let iterations = try PasswordCipher.iterations(parameters.next())
            let rest = parameters.rest().filter { !$0.isInteger }
            self = try .pbkdf2(salt: salt, iterations: iterations, hash: rest.first.map(Self.hash) ?? .insecureSHA1)
        case ([1, 3, 6, 1, 4, 1, 11591, 4, 11], .all):
            let (cost, size, lanes) = try (
                parameters.next().count(), parameters.next().count(), parameters.next().count()
            )
            guard cost > 1, cost & (cost - 1) == 0, (1...1024).contains(size), (1...16).contains(lanes),
                cost <= Self.memory / (128 * size)
            else { throw StoreFault("scrypt with these parameters is not supported") }
            self = .scrypt(salt: salt, cost: cost, blockSize: size, parallelism: lanes)
        default: throw PasswordCipher.unsupported(identifier)
        }
    }

    /// The key of so many bytes.
    func key(of password: StorePassword, size: Int) throws(StoreFault) -> SymmetricKey {
        do {
            switch self {
            case .pbkdf2(let salt, let iterations, let hash):
                return try KDF.Insecure.PBKDF2.deriveKey(
                    from: password.utf8,
                    salt: salt,
                    using: hash,
                    outputByteCount: size,
                    unsafeUncheckedRounds: iterations
                )
            case .scrypt(let salt, let cost, let blockSize, let parallelism):
                return try KDF.Scrypt.deriveKey(
                    from: password.utf8,
                    salt: salt,
                    outputByteCount: size,
                    rounds: cost,
                    blockSize: blockSize,
                    parallelism: parallelism
                )
            }
        } catch {
            throw StoreFault("no key can be made of the password")
        }
    }

    private static func hash(_ value: EncodedValue) throws(StoreFault) -> KDF.Insecure.PBKDF2.HashFunction {
        var parts = try value.sequence()
        let identifier = try parts.next().objectIdentifier()
        switch identifier {
        case [1, 2, 840, 113549, 2, 7]: return .insecureSHA1
        case [1, 2, 840, 113549, 2, 8]: return .insecureSHA224
        case [1, 2, 840, 113549, 2, 9]: return .sha256
        case [1, 2, 840, 113549, 2, 10]: return .sha384
        case [1, 2, 840, 113549, 2, 11]: return .sha512
        default: throw PasswordCipher.unsupported(identifier)
        }
    }
}
