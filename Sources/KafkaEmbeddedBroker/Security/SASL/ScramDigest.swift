// SPDX-License-Identifier: Apache-2.0
import Crypto
import CryptoExtras

/// The hash functions of SCRAM.
enum ScramDigest: Hashable {
    case sha256, sha512

    func hash(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .sha256: Array(SHA256.hash(data: bytes))
        case .sha512: Array(SHA512.hash(data: bytes))
        }
    }

    /// The HMAC of `bytes`.
    func code(of bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        let key = SymmetricKey(data: key)
        return switch self {
        case .sha256: Array(HMAC<SHA256>.authenticationCode(for: bytes, using: key))
        case .sha512: Array(HMAC<SHA512>.authenticationCode(for: bytes, using: key))
        }
    }

    /// PBKDF2, as long as the hash; nil when the library cannot, which it does for no number of rounds from 1 on.
    func salted(_ password: [UInt8], salt: [UInt8], iterations: Int) -> [UInt8]? {
        let function: KDF.Insecure.PBKDF2.HashFunction
        let length: Int
        switch self {
        case .sha256: (function, length) = (.sha256, SHA256.byteCount)
        case .sha512: (function, length) = (.sha512, SHA512.byteCount)
        }
        let key = try? KDF.Insecure.PBKDF2.deriveKey(
            from: password,
            salt: salt,
            using: function,
            outputByteCount: length,
            unsafeUncheckedRounds: iterations
        )
        return key.map { key in unsafe key.withUnsafeBytes { unsafe Array($0) } }
    }
}
