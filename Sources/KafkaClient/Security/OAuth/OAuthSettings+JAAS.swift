// SPDX-License-Identifier: Apache-2.0

extension OAuthSettings {
    /// The options of `OAuthBearerLoginModule` with `OAuthBearerLoginCallbackHandler`. The keys `sasl.oauthbearer.*` win
    /// over them: set those afterwards.
    ///
    /// - Throws: For an extension that cannot be said, and for options `ssl.*` that cannot be used.
    package init(jaasOptions options: [String: Secret]) throws(SecurityRefusal) {
        var rest = options
        clientID = rest.removeValue(forKey: "clientId").flatMap(Self.trimmed)
        clientSecret = rest.removeValue(forKey: "clientSecret").flatMap(Self.trimmed).map { Secret($0) }
        scope = rest.removeValue(forKey: "scope").flatMap(Self.trimmed)
        extensions = try OAuthExtensions.take(from: &rest, prefix: "extension_")
        endpointTLS = try TLSSettings(takingOptionsFrom: &rest)
        notes = ["clientId", "clientSecret", "scope"].filter { options[$0] != nil }.map { option in
            "sasl.jaas.config: the option \(option) is deprecated in Kafka: set \(Self.key(of: option))"
        }
        if !rest.isEmpty { notes.append(JAASConfiguration.note(unused: rest)) }
    }

    /// The key that has taken the place of an option.
    private static func key(of option: String) -> String {
        switch option {
        case "clientId": "sasl.oauthbearer.client.credentials.client.id"
        case "clientSecret": "sasl.oauthbearer.client.credentials.client.secret"
        default: "sasl.oauthbearer.scope"
        }
    }

    private static func trimmed(_ value: Secret) -> String? {
        let text = OAuthText.trimmed(value.text)
        return text.isEmpty ? nil : text
    }
}

extension JAASConfiguration {
    /// What to tell about options without effect. A missing quote makes a password look like a name: only names that are
    /// known to be no secret are shown.
    package static func note(unused options: [String: Secret], for mechanism: SASLMechanismName = .oauthBearer)
        -> String
    {
        let known = options.keys.filter(knownOptions.contains).sorted()
        let hidden = options.count - known.count
        let others = hidden == 0 ? [] : ["\(hidden) option\(hidden == 1 ? "" : "s") with an unknown name"]
        return "sasl.jaas.config: without effect for \(mechanism.rawValue): \((known + others).joined(separator: ", "))"
    }
}
