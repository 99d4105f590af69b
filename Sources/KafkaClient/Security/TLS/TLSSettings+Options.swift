// SPDX-License-Identifier: Apache-2.0

extension TLSSettings {
    /// Takes the options `ssl.*` away from the others of `sasl.jaas.config`, where OAUTHBEARER has those for the TLS of the
    /// token endpoint.
    ///
    /// - Parameter options: All options. Those that have no effect here are left in it.
    /// - Throws: For values that cannot be used. Stores are not read here.
    init(takingOptionsFrom options: inout [String: Secret]) throws(SecurityRefusal) {
        var values: [String: Secret] = [:]
        for (name, value) in options where name.hasPrefix("ssl.") && !Self.optionsWithoutEffect.contains(name) {
            values[name] = Secret(OAuthText.trimmed(value.text))
            options[name] = nil
        }
        self.init()
        do throws(StoreRefusal) {
            try takeStores(&values)
        } catch {
            throw Self.refusal(error.description)
        }
        try takeHandshake(&values)
        guard let unknown = values.keys.sorted().first else { return }
        throw Self.refusal("\(Self.shown(unknown)) is not an option of TLS that can be used")
    }

    /// Java names of things that there is only one of here.
    static let optionsWithoutEffect: Set<String> = [
        "ssl.keymanager.algorithm", "ssl.provider", "ssl.secure.random.implementation",
    ]

    private mutating func takeStores(_ values: inout [String: Secret]) throws(StoreRefusal) {
        if let type = values.removeValue(forKey: "ssl.truststore.type")?.text {
            trust.type = try StoreType(type, setting: "ssl.truststore.type")
        }
        trust.location = values.removeValue(forKey: "ssl.truststore.location")?.text
        trust.password = values.removeValue(forKey: "ssl.truststore.password").map { StorePassword($0.text) }
        trust.certificates = values.removeValue(forKey: "ssl.truststore.certificates")
        if let type = values.removeValue(forKey: "ssl.keystore.type")?.text {
            identity.type = try StoreType(type, setting: "ssl.keystore.type")
        }
        identity.location = values.removeValue(forKey: "ssl.keystore.location")?.text
        identity.password = values.removeValue(forKey: "ssl.keystore.password").map { StorePassword($0.text) }
        identity.keyPassword = values.removeValue(forKey: "ssl.key.password").map { StorePassword($0.text) }
        identity.key = values.removeValue(forKey: "ssl.keystore.key")
        identity.certificateChain = values.removeValue(forKey: "ssl.keystore.certificate.chain")
    }

    private mutating func takeHandshake(_ values: inout [String: Secret]) throws(SecurityRefusal) {
        if let names = values.removeValue(forKey: "ssl.enabled.protocols")?.text, !names.isEmpty {
            let enabled = try Self.list(names).map { name throws(SecurityRefusal) in
                try Self.version(name, key: "ssl.enabled.protocols")
            }
            if let oldest = enabled.min(), let newest = enabled.max() { versions = oldest...newest }
        }
        if let name = values.removeValue(forKey: "ssl.protocol")?.text, name != "TLS" {
            let newest = min(try Self.version(name, key: "ssl.protocol"), versions.upperBound)
            guard versions.lowerBound <= newest else {
                throw Self.refusal("ssl.enabled.protocols has no version up to ssl.protocol=\(newest.rawValue)")
            }
            versions = versions.lowerBound...newest
        }
        if let names = values.removeValue(forKey: "ssl.cipher.suites")?.text { cipherSuites = Self.list(names) }
        if let name = values.removeValue(forKey: "ssl.endpoint.identification.algorithm")?.text {
            guard name.isEmpty || name.lowercased() == "https" else {
                throw Self.refusal("ssl.endpoint.identification.algorithm must be https or empty")
            }
            verifiesHostname = !name.isEmpty
        }
        if let name = values.removeValue(forKey: "ssl.trustmanager.algorithm")?.text, name != "PKIX" {
            throw Self.refusal("ssl.trustmanager.algorithm must be PKIX")
        }
    }

    private static func version(_ name: String, key: String) throws(SecurityRefusal) -> TLSVersion {
        guard let version = TLSVersion(rawValue: name) else {
            throw refusal("\(key)=\(ForeignText.shown(name)) is not supported; use TLSv1.2 or TLSv1.3")
        }
        return version
    }

    private static func list(_ text: String) -> [String] {
        text.split(separator: ",").map { OAuthText.trimmed(String($0)) }.filter { !$0.isEmpty }
    }

    /// A missing quote can make anything look like a name.
    private static func shown(_ name: String) -> String {
        name == "ssl.engine.factory.class" ? name : "an option ssl.…"
    }

    private static func refusal(_ text: String) -> SecurityRefusal {
        SecurityRefusal(key: "sasl.jaas.config", "sasl.jaas.config: \(text)")
    }
}
