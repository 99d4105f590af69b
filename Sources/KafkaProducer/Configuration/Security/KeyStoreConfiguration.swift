// SPDX-License-Identifier: Apache-2.0
/// Where the client's private key and certificates are: Kafka's `ssl.keystore.*` and `ssl.key.password`. They are shown to a
/// broker that asks who the client is.
public struct KeyStoreConfiguration: Sendable, Hashable {
    /// The format of the store: `JKS`, `PKCS12` or `PEM`. A file of JKS or PKCS12 may be of the other format.
    /// Kafka's `ssl.keystore.type`.
    public var type = "JKS"
    /// The file, or `nil` for none. Kafka's `ssl.keystore.location`.
    public var location: String?
    /// The password of a store of JKS or PKCS12. Kafka's `ssl.keystore.password`.
    public var password: Password?
    /// The password of the key: of one in PEM that is encrypted; in JKS and PKCS12 it is the store's unless it is set.
    /// Kafka's `ssl.key.password`.
    public var keyPassword: Password?
    /// The private key as PEM text. Kafka's `ssl.keystore.key`.
    public var key: Password?
    /// The certificates as PEM text, the client's own first. Kafka's `ssl.keystore.certificate.chain`.
    public var certificateChain: Password?

    /// No key: the client shows no certificate.
    public init() {}

    /// A key and its certificates as PEM text.
    ///
    /// - Parameters:
    ///   - key: the private key.
    ///   - certificateChain: the certificates, the client's own first.
    ///   - keyPassword: of a key that is encrypted.
    /// - Returns: the store.
    public static func pem(
        key: Password,
        certificateChain: Password,
        keyPassword: Password? = nil
    ) -> KeyStoreConfiguration {
        var store = KeyStoreConfiguration()
        (store.type, store.key, store.certificateChain, store.keyPassword) =
            ("PEM", key, certificateChain, keyPassword)
        return store
    }

    /// A file of PEM with a key and its certificates.
    ///
    /// - Parameters:
    ///   - location: the file.
    ///   - keyPassword: of a key that is encrypted.
    /// - Returns: the store.
    public static func pemFile(_ location: String, keyPassword: Password? = nil) -> KeyStoreConfiguration {
        var store = KeyStoreConfiguration()
        (store.type, store.location, store.keyPassword) = ("PEM", location, keyPassword)
        return store
    }

    /// A file of JKS or PKCS12.
    ///
    /// - Parameters:
    ///   - location: the file.
    ///   - password: the store's.
    ///   - keyPassword: the key's, where it is another one.
    /// - Returns: the store.
    public static func file(
        _ location: String,
        password: Password,
        keyPassword: Password? = nil
    ) -> KeyStoreConfiguration {
        var store = KeyStoreConfiguration()
        (store.location, store.password, store.keyPassword) = (location, password, keyPassword)
        return store
    }
}
