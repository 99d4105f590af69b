// SPDX-License-Identifier: Apache-2.0
import KafkaClient

/// What the `ssl.*` settings come to.
struct TLSPlan {
    private static let protocolsKey = "ssl.enabled.protocols"
    private static let newestKey = "ssl.protocol"
    private static let algorithmKey = "ssl.endpoint.identification.algorithm"
    /// Versions that Java knows and no longer uses, since others can read along.
    private static let unsafe: Set<String> = ["SSLv2Hello", "SSLv3", "TLSv1", "TLSv1.1"]

    private let configuration: ProducerConfiguration
    private var tls: TLSConfiguration { configuration.tls }

    init(_ configuration: ProducerConfiguration) {
        self.configuration = configuration
    }

    /// Reads the stores and makes the context of all connections.
    func context() throws(ConfigurationError) -> TLSContext {
        try checkJavaNames()
        var settings = TLSSettings()
        settings.versions = try versions()
        settings.cipherSuites = tls.cipherSuites
        settings.verifiesHostname = try verifiesHostname()
        settings.identity = try identity()
        settings.trust = try trust()
        do throws(SecurityRefusal) {
            return try TLSContext(settings)
        } catch {
            throw configuration.refusal(of: error.key ?? "security.protocol", error.reason)
        }
    }

    // MARK: Versions

    private func versions() throws(ConfigurationError) -> ClosedRange<TLSVersion> {
        let newest = try newestVersion()
        let names = tls.enabledProtocols.isEmpty ? TLSVersion.allCases.map(\.rawValue) : tls.enabledProtocols
        var enabled: [TLSVersion] = []
        for name in names where !Self.unsafe.contains(name) {
            guard let version = TLSVersion(rawValue: name) else {
                throw configuration.refusal(
                    of: Self.protocolsKey,
                    "\(Self.protocolsKey): \(name) is no version of TLS; there are TLSv1.2 and TLSv1.3, so written"
                )
            }
            enabled.append(version)
        }
        let written = names.joined(separator: ",")
        guard !enabled.isEmpty else {
            throw configuration.refusal(
                of: Self.protocolsKey,
                "\(Self.protocolsKey)=\(written) is not safe and not supported; set TLSv1.2,TLSv1.3"
            )
        }
        let usable = enabled.filter { $0 <= newest }
        guard let first = usable.min(), let last = usable.max() else {
            throw configuration.refusal(
                of: Self.protocolsKey,
                "\(Self.protocolsKey)=\(written) has no version up to \(Self.newestKey)=\(newest.rawValue)"
            )
        }
        return first...last
    }

    private func newestVersion() throws(ConfigurationError) -> TLSVersion {
        switch tls.newestProtocol.uppercased() {
        case "TLS", "TLSV1.3": return .tls13
        case "TLSV1.2": return .tls12
        default:
            throw configuration.refusal(
                of: Self.newestKey,
                "\(Self.newestKey)=\(tls.newestProtocol) is not supported; set TLSv1.2 or TLSv1.3"
            )
        }
    }

    private func verifiesHostname() throws(ConfigurationError) -> Bool {
        switch tls.endpointIdentificationAlgorithm.uppercased() {
        case "HTTPS": return true
        case "": return false
        default:
            throw configuration.refusal(
                of: Self.algorithmKey,
                "\(Self.algorithmKey)=\(tls.endpointIdentificationAlgorithm) is not supported; https has the broker's name "
                    + "looked for in its certificate, and an empty value (\(Self.algorithmKey)=) does not"
            )
        }
    }

    // MARK: Stores

    private func identity() throws(ConfigurationError) -> KeyStoreSettings {
        let store = tls.keyStore
        var settings = KeyStoreSettings()
        if store.location != nil || store.key != nil || store.certificateChain != nil {
            settings.type = try type(store.type, "ssl.keystore.type")
        }
        settings.location = store.location
        settings.password = store.password.map { StorePassword($0.text) }
        settings.keyPassword = store.keyPassword.map { StorePassword($0.text) }
        settings.key = store.key?.secret
        settings.certificateChain = store.certificateChain?.secret
        return settings
    }

    private func trust() throws(ConfigurationError) -> TrustStoreSettings {
        let store = tls.trustStore
        var settings = TrustStoreSettings()
        if store.location != nil || store.certificates != nil {
            settings.type = try type(store.type, "ssl.truststore.type")
        }
        settings.location = store.location
        settings.password = store.password.map { StorePassword($0.text) }
        settings.certificates = store.certificates?.secret
        return settings
    }

    private func type(_ name: String, _ key: String) throws(ConfigurationError) -> StoreType {
        do throws(StoreRefusal) {
            return try StoreType(name, setting: key)
        } catch {
            throw configuration.refusal(of: key, error.description)
        }
    }

    // MARK: Names of Java

    private func checkJavaNames() throws(ConfigurationError) {
        if let name = tls.engineFactoryClass {
            let key = "ssl.engine.factory.class"
            guard JavaClass(name: name).isKafka(anyOf: Self.engineFactories) else {
                throw configuration.refusal(ofClass: key, name, instead: "use ssl.keystore.* and ssl.truststore.*")
            }
        }
        guard Self.trustManagers.contains(tls.trustManagerAlgorithm.uppercased()) else {
            let key = "ssl.trustmanager.algorithm"
            throw configuration.refusal(
                of: key,
                "\(key)=\(tls.trustManagerAlgorithm) is not supported: it may trust others than PKIX does; remove the line"
            )
        }
    }

    private static let engineFactories = ["ssl.DefaultSslEngineFactory", "ssl.CommonNameLoggingSslEngineFactory"]
    private static let trustManagers: Set = ["PKIX", "SUNPKIX", "X509", "X.509", "SUNX509"]
    private static let keyManagers: Set = ["SUNX509", "NEWSUNX509", "PKIX"]

    // MARK: Notices

    /// What the user should know.
    func notices(of context: TLSContext) -> [ConfigurationNotice] {
        var notices: [ConfigurationNotice] = []
        if !tls.verifiesHostname {
            notices.append(
                configuration.notice(
                    .insecure,
                    .warning,
                    Self.algorithmKey,
                    "\(Self.algorithmKey) is empty: any server with a certificate of a trusted CA can pretend to be the broker"
                )
            )
        }
        let old = tls.enabledProtocols.filter(Self.unsafe.contains)
        if !old.isEmpty {
            notices.append(
                configuration.notice(
                    .noEffect,
                    .information,
                    Self.protocolsKey,
                    "\(Self.protocolsKey): \(old.joined(separator: ", ")) is not used, since it is not safe"
                )
            )
        }
        let key = "ssl.keymanager.algorithm"
        if !Self.keyManagers.contains(tls.keyManagerAlgorithm.uppercased()) {
            let message = "\(key) has no effect: the first key of the store is used"
            notices.append(configuration.notice(.noEffect, .information, key, message))
        }
        return notices
            + context.notes.map {
                ConfigurationNotice(kind: .noEffect, severity: .warning, key: "ssl.*", origin: nil, message: $0)
            }
    }
}
