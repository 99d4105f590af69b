// SPDX-License-Identifier: Apache-2.0

/// The settings `ssl.keystore.*` and `ssl.key.password`, and the identity that they lead to. The rules are those of Kafka's
/// `DefaultSslEngineFactory`.
package struct KeyStoreSettings: Sendable {
    /// Kafka's `ssl.keystore.type`.
    package var type = StoreType.jks
    /// Kafka's `ssl.keystore.location`: a file.
    package var location: String?
    /// Kafka's `ssl.keystore.password`.
    package var password: StorePassword?
    /// Kafka's `ssl.key.password`. Stores of type JKS and PKCS12 use the store's password when it is not set.
    package var keyPassword: StorePassword?
    /// Kafka's `ssl.keystore.key`: a private key in PEM.
    package var key: Secret?
    /// Kafka's `ssl.keystore.certificate.chain`: certificates in PEM.
    package var certificateChain: Secret?

    /// No key store.
    package init() {}

    /// The first key of the store, or nil when there is no store, or one without a key, as Kafka takes it.
    ///
    /// - Returns: The identity, and what the store holds besides that is passed over.
    /// - Throws: The setting that contradicts another, or the store and why it cannot be used.
    package func load() throws(StoreRefusal) -> (identity: ClientIdentity?, omissions: [StoreOmission]) {
        if let contradiction { throw StoreRefusal(contradiction) }
        if let key, let certificateChain {
            let identity = try inline(key, certificateChain)
            return (identity, [])
        }
        guard let location else { return (nil, []) }
        do throws(StoreFault) {
            let bytes = try StoreFile.read(location)
            guard type != .pem else {
                let found = try PEMStore.identity(key: bytes, chain: bytes, keyPassword: keyPassword)
                return (ClientIdentity(alias: nil, key: found.key, chain: found.chain, otherAliases: []), [])
            }
            return try identity(in: BinaryStore.contents(bytes, password: password))
        } catch {
            throw StoreRefusal(type: type, location: location, kind: "key store", fault: error)
        }
    }

    /// The setting to name when something is wrong with the store.
    package var mainKey: String {
        if key != nil { return "ssl.keystore.key" }
        if certificateChain != nil { return "ssl.keystore.certificate.chain" }
        return location == nil ? "ssl.keystore.password" : "ssl.keystore.location"
    }

    /// What Kafka says about settings that do not go together.
    private var contradiction: String? {
        if key != nil || certificateChain != nil { return inlineContradiction }
        guard location != nil else {
            return password == nil ? nil : "SSL key store is not specified, but key store password is specified."
        }
        switch (type, password) {
        case (.pem, .some):
            return "SSL key store password cannot be specified with PEM format, only key password may be specified"
        case (.jks, nil), (.pkcs12, nil):
            return "SSL key store is specified, but key store password is not specified."
        case (.pem, nil), (.jks, .some), (.pkcs12, .some): return nil
        }
    }

    private var inlineContradiction: String? {
        guard key != nil else { return "SSL certificate chain is specified, but private key is not specified" }
        guard type == .pem else {
            return "SSL private key can be specified only for PEM, but key store type is \(type.rawValue)."
        }
        if certificateChain == nil {
            return "SSL private key is specified, but certificate chain is not specified."
        }
        if location != nil { return "Both SSL key store location and separate private key are specified." }
        guard password != nil else { return nil }
        return "SSL key store password cannot be specified with PEM format, only key password may be specified."
    }

    private func inline(_ key: Secret, _ chain: Secret) throws(StoreRefusal) -> ClientIdentity {
        do throws(StoreFault) {
            let found = try PEMStore.identity(key: key.bytes, chain: chain.bytes, keyPassword: keyPassword)
            return ClientIdentity(alias: nil, key: found.key, chain: found.chain, otherAliases: [])
        } catch {
            let settings = "ssl.keystore.key and ssl.keystore.certificate.chain"
            throw StoreRefusal("Failed to load the client's key from \(settings): \(error.reason)")
        }
    }

    /// The first key that has a certificate. All keys are recovered, as in Java, so that one that cannot be is no surprise
    /// of another day.
    private func identity(
        in contents: StoreContents
    ) throws(StoreFault) -> (identity: ClientIdentity?, omissions: [StoreOmission]) {
        guard let keyPassword = keyPassword ?? password else { return (nil, contents.omissions) }
        var omissions = contents.omissions
        var usable: [(entry: StoreContents.KeyEntry, key: StoredPrivateKey)] = []
        for entry in contents.keys {
            do throws(StoreFault) {
                let key = try entry.key.recover(keyPassword)
                if entry.chain.isEmpty {
                    omissions.append(.keyWithoutCertificate(alias: entry.alias))
                } else {
                    usable.append((entry, key))
                }
            } catch {
                throw error.of(alias: entry.alias)
            }
        }
        guard let first = usable.first else { return (nil, omissions) }
        let others = usable.dropFirst().map(\.entry.alias)
        let (alias, chain) = (first.entry.alias, first.entry.chain)
        return (ClientIdentity(alias: alias, key: first.key, chain: chain, otherAliases: others), omissions)
    }
}
