// SPDX-License-Identifier: Apache-2.0
import Crypto
import SwiftASN1

/// How JKS hides a private key: 20 bytes of salt, the key under a stream of hashes, and 20 bytes to check the password by.
enum JavaKeyProtection {
    private static let algorithm: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 42, 2, 17, 1, 1]
    private static let size = Insecure.SHA1.byteCount

    /// What is hidden in an `EncryptedPrivateKeyInfo`.
    static func hidden(in der: [UInt8]) throws(StoreFault) -> [UInt8] {
        var parts = try EncodedValue(der).sequence()
        var method = try parts.next().sequence()
        let identifier = try method.next().objectIdentifier()
        guard identifier == algorithm else { throw PasswordCipher.unsupported(identifier) }
        let bytes = try parts.next().octets()
        try parts.end()
        guard bytes.count > 2 * size else { throw StoreFault("its key is damaged") }
        return bytes
    }

    /// The key that is hidden.
    static func recover(_ hidden: [UInt8], password: StorePassword) throws(StoreFault) -> StoredPrivateKey {
        let wrong = StoreFault(
            "the key cannot be recovered: its password (ssl.key.password) is wrong, or it is damaged"
        )
        guard hidden.count > 2 * size else { throw wrong }
        let password = password.utf16
        var stream = Array(hidden.prefix(size))
        var plain: [UInt8] = []
        for (index, byte) in hidden[size..<hidden.count - size].enumerated() {
            if index % size == 0 { stream = StoreDigest.sha1.hash(password + stream) }
            plain.append(byte ^ stream[index % size])
        }
        guard StoreDigest.sha1.hash(password + plain) == Array(hidden.suffix(size)),
            let key = try? StoredPrivateKey(pkcs8: plain)
        else { throw wrong }
        return key
    }
}
