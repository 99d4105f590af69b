// SPDX-License-Identifier: Apache-2.0
import Crypto
import SwiftASN1

/// A hash that a store is protected with.
enum StoreDigest: CaseIterable {
    case sha1
    case sha224
    case sha256
    case sha384
    case sha512
    case sha512By224
    case sha512By256

    init?(_ identifier: ASN1ObjectIdentifier) {
        guard let digest = Self.allCases.first(where: { $0.identifier == identifier }) else { return nil }
        self = digest
    }

    private var identifier: ASN1ObjectIdentifier {
        switch self {
        case .sha1: [1, 3, 14, 3, 2, 26]
        case .sha256: [2, 16, 840, 1, 101, 3, 4, 2, 1]
        case .sha384: [2, 16, 840, 1, 101, 3, 4, 2, 2]
        case .sha512: [2, 16, 840, 1, 101, 3, 4, 2, 3]
        case .sha224: [2, 16, 840, 1, 101, 3, 4, 2, 4]
        case .sha512By224: [2, 16, 840, 1, 101, 3, 4, 2, 5]
        case .sha512By256: [2, 16, 840, 1, 101, 3, 4, 2, 6]
        }
    }

    /// The bytes of a block.
    var blockSize: Int {
        switch self {
        case .sha1, .sha224, .sha256: 64
        case .sha384, .sha512, .sha512By224, .sha512By256: 128
        }
    }

    /// The bytes of the hash.
    var size: Int {
        switch self {
        case .sha1: Insecure.SHA1.byteCount
        case .sha224, .sha512By224: 28
        case .sha256, .sha512By256: SHA256.byteCount
        case .sha384: SHA384.byteCount
        case .sha512: SHA512.byteCount
        }
    }

    /// The hash of some bytes.
    func hash(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .sha1: Array(Insecure.SHA1.hash(data: bytes))
        case .sha256: Array(SHA256.hash(data: bytes))
        case .sha384: Array(SHA384.hash(data: bytes))
        case .sha512: Array(SHA512.hash(data: bytes))
        case .sha224: ShorterSHA2.sha224(bytes)
        case .sha512By224: ShorterSHA2.sha512By224(bytes)
        case .sha512By256: ShorterSHA2.sha512By256(bytes)
        }
    }

    /// Whether a code is the one of some bytes under a key; the time that it takes does not tell where it differs.
    func isCode(_ code: [UInt8], of bytes: [UInt8], key: [UInt8]) -> Bool {
        let symmetric = SymmetricKey(data: key)
        return switch self {
        case .sha1: HMAC<Insecure.SHA1>.isValidAuthenticationCode(code, authenticating: bytes, using: symmetric)
        case .sha256: HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: bytes, using: symmetric)
        case .sha384: HMAC<SHA384>.isValidAuthenticationCode(code, authenticating: bytes, using: symmetric)
        case .sha512: HMAC<SHA512>.isValidAuthenticationCode(code, authenticating: bytes, using: symmetric)
        case .sha224, .sha512By224, .sha512By256: Self.areEqual(code, self.code(of: bytes, key: key))
        }
    }

    /// HMAC (RFC 2104), for a key that is no longer than a block.
    private func code(of bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        let padded = key + [UInt8](repeating: 0, count: max(0, blockSize - key.count))
        return hash(padded.map { $0 ^ 0x5C } + hash(padded.map { $0 ^ 0x36 } + bytes))
    }

    private static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        one.count == other.count && zip(one, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
