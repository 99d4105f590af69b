// SPDX-License-Identifier: Apache-2.0
import Crypto
import CryptoExtras

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The private key that signs assertions.
enum AssertionKey: Sendable {
    case rsa(_RSA.Signing.PrivateKey)
    case ellipticCurve(P256.Signing.PrivateKey)

    /// Reads a key in PEM.
    ///
    /// - Throws: For a text without one, a wrong passphrase, and a key that the algorithm is not for.
    init(
        pem bytes: [UInt8],
        passphrase: Secret?,
        for algorithm: OAuthAssertionSettings.Algorithm
    ) throws(TokenFault) {
        let key: StoredPrivateKey
        do throws(StoreFault) {
            key = try Self.key(in: bytes, passphrase: passphrase)
        } catch {
            throw TokenFault(error.reason)
        }
        let der = Data(key.pkcs8.bytes)
        do {
            switch algorithm {
            case .rs256: self = .rsa(try _RSA.Signing.PrivateKey(unsafeDERRepresentation: der))
            case .es256: self = .ellipticCurve(try P256.Signing.PrivateKey(derRepresentation: der))
            }
        } catch {
            throw TokenFault(
                algorithm == .rs256
                    ? "it has no RSA key of 1024 bits or more, which RS256 needs"
                    : "it has no key of the curve P-256, which ES256 needs"
            )
        }
    }

    private static func key(in bytes: [UInt8], passphrase: Secret?) throws(StoreFault) -> StoredPrivateKey {
        let entries = try PEMText(bytes).entries(.privateKey)
        guard let entry = entries.first, entries.count == 1 else {
            throw StoreFault("one private key is expected, and it has \(entries.count)")
        }
        guard !entry.isEncryptedByHeader else {
            throw StoreFault("its key is encrypted in OpenSSL's old way; convert it: openssl pkcs8 -topk8 -in FILE")
        }
        let isEncrypted = EncryptedPrivateKey.isOne(entry.bytes)
        guard let passphrase else {
            guard !isEncrypted else {
                throw StoreFault("its key is encrypted: set sasl.oauthbearer.assertion.private.key.passphrase")
            }
            return try StoredPrivateKey(anyForm: entry.bytes)
        }
        guard isEncrypted else {
            throw StoreFault("sasl.oauthbearer.assertion.private.key.passphrase is set, and its key is not encrypted")
        }
        do throws(StoreFault) {
            let password = StorePassword(passphrase.text)
            return try EncryptedPrivateKey(entry.bytes, allowing: .all).decrypt(password)
        } catch {
            throw StoreFault(
                "its key cannot be recovered: sasl.oauthbearer.assertion.private.key.passphrase is wrong, or it is damaged"
            )
        }
    }

    /// The signature of a text: PKCS#1 v1.5 for RSA, both numbers as they are for P-256 (RFC 7518).
    func signature(of text: String) throws(TokenFault) -> [UInt8] {
        let digest = SHA256.hash(data: Data(text.utf8))
        do {
            switch self {
            case .rsa(let key):
                return Array(try key.signature(for: digest, padding: .insecurePKCS1v1_5).rawRepresentation)
            case .ellipticCurve(let key): return Array(try key.signature(for: digest).rawRepresentation)
            }
        } catch {
            throw TokenFault("its key cannot sign")
        }
    }
}
