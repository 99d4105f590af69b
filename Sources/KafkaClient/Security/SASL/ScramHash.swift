// SPDX-License-Identifier: Apache-2.0
import Crypto
import CryptoExtras

/// The hash functions of SCRAM, with what is made of them.
enum ScramHash: Sendable {
    case sha256, sha512

    /// The hash of a mechanism; nil when it is not SCRAM.
    init?(_ name: SASLMechanismName) {
        switch name {
        case .scramSHA256: self = .sha256
        case .scramSHA512: self = .sha512
        case .plain, .oauthBearer, .awsMSKIAM, .gssapi: return nil
        }
    }

    /// The mechanism that uses the hash.
    var mechanism: SASLMechanismName {
        switch self {
        case .sha256: .scramSHA256
        case .sha512: .scramSHA512
        }
    }

    func hash(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .sha256: Array(SHA256.hash(data: bytes))
        case .sha512: Array(SHA512.hash(data: bytes))
        }
    }

    func authenticationCode(of bytes: [UInt8], key: SymmetricKey) -> [UInt8] {
        switch self {
        case .sha256: Array(HMAC<SHA256>.authenticationCode(for: bytes, using: key))
        case .sha512: Array(HMAC<SHA512>.authenticationCode(for: bytes, using: key))
        }
    }

    /// Whether `code` is the code of `bytes`: compared in constant time.
    func isAuthenticationCode(_ code: [UInt8], of bytes: [UInt8], key: SymmetricKey) -> Bool {
        switch self {
        case .sha256: HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: bytes, using: key)
        case .sha512: HMAC<SHA512>.isValidAuthenticationCode(code, authenticating: bytes, using: key)
        }
    }

    /// PBKDF2, as long as the hash.
    func salted(_ password: Secret, salt: [UInt8], iterations: Int) throws -> SymmetricKey {
        switch self {
        case .sha256:
            try KDF.Insecure.PBKDF2.deriveKey(
                from: password.bytes,
                salt: salt,
                using: .sha256,
                outputByteCount: SHA256.byteCount,
                unsafeUncheckedRounds: iterations
            )
        case .sha512:
            try KDF.Insecure.PBKDF2.deriveKey(
                from: password.bytes,
                salt: salt,
                using: .sha512,
                outputByteCount: SHA512.byteCount,
                unsafeUncheckedRounds: iterations
            )
        }
    }
}
