// SPDX-License-Identifier: Apache-2.0

/// The settings `ssl.truststore.*`, and the certificates that they lead to. The rules are those of Kafka's
/// `DefaultSslEngineFactory`.
package struct TrustStoreSettings: Sendable {
    /// Kafka's `ssl.truststore.type`.
    package var type = StoreType.jks
    /// Kafka's `ssl.truststore.location`: a file.
    package var location: String?
    /// Kafka's `ssl.truststore.password`. Without it a store is read unchecked, and without what is encrypted in it.
    package var password: StorePassword?
    /// Kafka's `ssl.truststore.certificates`: certificates in PEM.
    package var certificates: Secret?

    /// No trust store.
    package init() {}

    /// The certificates that are trusted, or nil when no trust store is set: the system's are then.
    ///
    /// - Returns: The certificates, none twice, and what the store holds besides that is passed over.
    /// - Throws: The setting that contradicts another, or the store and why it cannot be used.
    package func load() throws(StoreRefusal) -> (anchors: [StoredCertificate]?, omissions: [StoreOmission]) {
        if let contradiction { throw StoreRefusal(contradiction) }
        if let certificates {
            do throws(StoreFault) {
                return (try Self.distinct(PEMStore.certificates(certificates.bytes)), [])
            } catch {
                throw StoreRefusal("Failed to load ssl.truststore.certificates: \(error.reason)")
            }
        }
        guard let location else { return (nil, []) }
        do throws(StoreFault) {
            let bytes = try StoreFile.read(location)
            guard type != .pem else { return (try Self.distinct(PEMStore.certificates(bytes)), []) }
            let contents = try BinaryStore.contents(bytes, password: password)
            return (contents.anchors, contents.omissions)
        } catch {
            throw StoreRefusal(type: type, location: location, kind: "trust store", fault: error)
        }
    }

    /// The setting to name when something is wrong with the store.
    package var mainKey: String {
        if certificates != nil { return "ssl.truststore.certificates" }
        return location == nil ? "ssl.truststore.password" : "ssl.truststore.location"
    }

    /// What Kafka says about settings that do not go together.
    private var contradiction: String? {
        if certificates != nil {
            guard type == .pem else {
                return "SSL trust store certs can be specified only for PEM, but trust store type is \(type.rawValue)."
            }
            if location != nil {
                return "Both SSL trust store location and separate trust certificates are specified."
            }
        }
        guard password != nil else { return nil }
        if certificates != nil || location != nil, type == .pem {
            return "SSL trust store password cannot be specified for PEM format."
        }
        return location == nil ? "SSL trust store is not specified, but trust store password is specified." : nil
    }

    private static func distinct(_ certificates: [StoredCertificate]) -> [StoredCertificate] {
        certificates.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
