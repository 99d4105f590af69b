// SPDX-License-Identifier: Apache-2.0
/// Which certificates a broker's must lead to: Kafka's `ssl.truststore.*`. Without any, the system's CAs are trusted.
public struct TrustStoreConfiguration: Sendable, Hashable {
    /// The format of the store: `JKS`, `PKCS12` or `PEM`. A file of JKS or PKCS12 may be of the other format.
    /// Kafka's `ssl.truststore.type`.
    public var type = "JKS"
    /// The file, or `nil` for none. Kafka's `ssl.truststore.location`.
    public var location: String?
    /// The password of a store of JKS or PKCS12; without it the store is read unchecked. Kafka's `ssl.truststore.password`.
    public var password: Password?
    /// The certificates as PEM text. Kafka's `ssl.truststore.certificates`.
    public var certificates: Password?

    /// The system's CAs.
    public init() {}

    /// Certificates as PEM text.
    ///
    /// - Parameter certificates: the certificates.
    /// - Returns: the store.
    public static func pem(_ certificates: String) -> TrustStoreConfiguration {
        var store = TrustStoreConfiguration()
        (store.type, store.certificates) = ("PEM", Password(certificates))
        return store
    }

    /// A file of certificates in PEM.
    ///
    /// - Parameter location: the file.
    /// - Returns: the store.
    public static func pemFile(_ location: String) -> TrustStoreConfiguration {
        var store = TrustStoreConfiguration()
        (store.type, store.location) = ("PEM", location)
        return store
    }

    /// A file of JKS or PKCS12.
    ///
    /// - Parameters:
    ///   - location: the file.
    ///   - password: the store's; without it the file is not checked for changes.
    /// - Returns: the store.
    public static func file(_ location: String, password: Password? = nil) -> TrustStoreConfiguration {
        var store = TrustStoreConfiguration()
        (store.location, store.password) = (location, password)
        return store
    }
}
