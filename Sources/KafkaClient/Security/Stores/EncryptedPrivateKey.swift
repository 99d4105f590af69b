// SPDX-License-Identifier: Apache-2.0

/// A private key that is encrypted in the way of PKCS#8: an algorithm and what it made.
struct EncryptedPrivateKey {
    private let cipher: PasswordCipher
    private let ciphertext: [UInt8]

    /// Reads `EncryptedPrivateKeyInfo`.
    init(_ der: [UInt8], allowing reach: PasswordCipher.Reach) throws(StoreFault) {
        var parts = try EncodedValue(der).sequence()
        cipher = try PasswordCipher(parts.next(), reach: reach)
        ciphertext = try parts.next().octets()
        try parts.end()
    }

    /// The key, which a wrong password does not give.
    func decrypt(_ password: StorePassword) throws(StoreFault) -> StoredPrivateKey {
        let wrong = StoreFault(
            "the key cannot be recovered: its password (ssl.key.password) is wrong, or it is damaged"
        )
        guard let plain = try? cipher.decrypt(ciphertext, password: password) else { throw wrong }
        guard let key = try? StoredPrivateKey(pkcs8: plain) else { throw wrong }
        return key
    }

    /// Whether these bytes have the structure of an encrypted key.
    static func isOne(_ der: [UInt8]) -> Bool {
        guard var parts = try? EncodedValue(der).sequence(), let first = parts.nextIfAny() else { return false }
        return first.isSequence
    }
}
