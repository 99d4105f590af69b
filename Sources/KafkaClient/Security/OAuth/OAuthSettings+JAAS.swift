// SPDX-License-Identifier: Apache-2.0

extension OAuthSettings {
    /// The options of `OAuthBearerLoginModule` with `OAuthBearerLoginCallbackHandler`. The keys `sasl.oauthbearer.*` win
    /// over them: set those afterwards.
    ///
    /// - Throws: For an extension that cannot be said, and for options `ssl.*` that cannot be used.
    package init(jaasOptions options: [String: Secret]) throws(SecurityRefusal) {
        var rest = options
        clientID = OAuthText.words(rest.removeValue(forKey: "clientId")?.text)
        clientSecret = OAuthText.words(rest.removeValue(forKey: "clientSecret")?.text).map { Secret($0) }
        scope = OAuthText.words(rest.removeValue(forKey: "scope")?.text)
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
