// SPDX-License-Identifier: Apache-2.0

/// Certificates and keys that Kafka reads from PEM.
enum PEMStore {
    /// A key with its chain, which is in the order of the text, the owner's certificate first.
    struct Identity: Equatable {
        var key: StoredPrivateKey
        var chain: [StoredCertificate]
    }

    /// The certificates of a text, of which there must be one at least.
    static func certificates(_ text: [UInt8]) throws(StoreFault) -> [StoredCertificate] {
        var certificates: [StoredCertificate] = []
        for entry in try PEMText(text).entries(.certificate) { certificates.append(try StoredCertificate(entry.bytes)) }
        return certificates
    }

    /// The one key of a text and the chain of a text, which may be the same.
    static func identity(
        key: [UInt8],
        chain: [UInt8],
        keyPassword: StorePassword?
    ) throws(StoreFault) -> Identity {
        let entries = try PEMText(key).entries(.privateKey)
        guard let entry = entries.first, entries.count == 1 else {
            throw StoreFault("one private key is expected, and it has \(entries.count)")
        }
        return try Identity(key: privateKey(entry, password: keyPassword), chain: certificates(chain))
    }

    /// A key. As in Kafka the password decides whether it is decrypted: one that is not encrypted must come without.
    private static func privateKey(
        _ entry: PEMText.Entry,
        password: StorePassword?
    ) throws(StoreFault) -> StoredPrivateKey {
        guard !entry.isEncryptedByHeader else {
            throw StoreFault(
                "its private key is encrypted in OpenSSL's old way; convert it: openssl pkcs8 -topk8 -in FILE"
            )
        }
        let isEncrypted = EncryptedPrivateKey.isOne(entry.bytes)
        switch password {
        case let password? where isEncrypted:
            return try EncryptedPrivateKey(entry.bytes, allowing: .all).decrypt(password)
        case .some: throw StoreFault("ssl.key.password is set, and its private key is not encrypted")
        case nil where isEncrypted: throw StoreFault("its private key is encrypted: set ssl.key.password")
        case nil:
            guard let key = try? StoredPrivateKey(anyForm: entry.bytes) else {
                throw StoreFault(
                    "its private key could not be loaded: it is in none of the forms PKCS#8, PKCS#1 and SEC 1"
                )
            }
            return key
        }
    }
}
