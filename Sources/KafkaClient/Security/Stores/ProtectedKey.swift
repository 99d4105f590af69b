// SPDX-License-Identifier: Apache-2.0

/// A private key as a store holds it, until its password is asked for.
enum ProtectedKey: Sendable, Equatable {
    /// Protected in the way of JKS: what stands between the algorithm and the end.
    case java([UInt8])
    /// `EncryptedPrivateKeyInfo` of PKCS#8, in DER.
    case pkcs8([UInt8])

    /// The key. All of Kafka's stores protect it with `ssl.key.password`, or with the store's password when there is none.
    func recover(_ password: StorePassword) throws(StoreFault) -> StoredPrivateKey {
        switch self {
        case .java(let bytes): try JavaKeyProtection.recover(bytes, password: password)
        case .pkcs8(let der): try EncryptedPrivateKey(der, allowing: .java).decrypt(password)
        }
    }
}
