// SPDX-License-Identifier: Apache-2.0
import Crypto
import CryptoExtras
import SwiftASN1

/// Encryption by a password in the way of PKCS#5, second version: a function that derives the key, and a cipher.
struct PBES2 {
    static let identifier: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 5, 13]

    private enum Cipher {
        case aes(keySize: Int)
        case tripleDES

        var keySize: Int {
            switch self {
            case .aes(let keySize): keySize
            case .tripleDES: 24
            }
        }
    }

    private let derivation: KeyDerivation
    private let cipher: Cipher
    private let iv: [UInt8]

    /// Reads the parameters.
    init(_ parameters: EncodedValue, reach: PasswordCipher.Reach) throws(StoreFault) {
        var parts = try parameters.sequence()
        derivation = try KeyDerivation(parts.next(), reach: reach)
        var scheme = try parts.next().sequence()
        try parts.end()
        let identifier = try scheme.next().objectIdentifier()
        iv = try scheme.next().octets()
        cipher =
            switch (identifier, reach) {
            case ([2, 16, 840, 1, 101, 3, 4, 1, 2], _): .aes(keySize: 16)
            case ([2, 16, 840, 1, 101, 3, 4, 1, 42], _): .aes(keySize: 32)
            case ([2, 16, 840, 1, 101, 3, 4, 1, 22], .all): .aes(keySize: 24)
            case ([1, 2, 840, 113549, 3, 7], .all): .tripleDES
            default: throw PasswordCipher.unsupported(identifier)
            }
    }

    /// The bytes, which a wrong password mostly does not give.
    func decrypt(_ ciphertext: [UInt8], password: StorePassword) throws(StoreFault) -> [UInt8] {
        let key = try derivation.key(of: password, size: cipher.keySize)
        switch cipher {
        case .tripleDES:
            let bytes = unsafe key.withUnsafeBytes { bytes in unsafe Array(bytes) }
            return try SmallBlockCipher.tripleDES(key: bytes).decrypt(ciphertext, iv: iv)
        case .aes:
            do {
                return try Array(AES._CBC.decrypt(ciphertext, using: key, iv: AES._CBC.IV(ivBytes: iv)))
            } catch {
                throw .wrongPasswordOrDamaged
            }
        }
    }
}
