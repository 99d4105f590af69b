// SPDX-License-Identifier: Apache-2.0

/// The options of `com.sun.security.auth.module.Krb5LoginModule`.
struct KerberosOptions: Equatable, Sendable {
    private static let key = "sasl.jaas.config"
    private static let module = "Krb5LoginModule"
    /// Options that say how Java goes about it; here they change nothing.
    private static let idle: Set<String> = [
        "storeKey", "doNotPrompt", "refreshKrb5Config", "debug", "renewTGT", "tryFirstPass", "useFirstPass",
        "storePass",
        "clearPass",
    ]
    private static let known = [
        "useKeyTab", "keyTab", "principal", "useTicketCache", "ticketCache", "serviceName", "isInitiator",
    ]
    /// The keytab that is used when none is named.
    private static let defaultKeytab = "/etc/krb5.keytab"

    /// Where a ticket comes from, in the order in which it is tried.
    let credentials: [KerberosCredentials]
    /// The name that brokers run under.
    let serviceName: String
    /// What to tell the user.
    let notes: [String]

    /// Reads the options.
    ///
    /// - Parameters:
    ///   - options: What `sasl.jaas.config` says.
    ///   - serviceName: What `sasl.kerberos.service.name` says.
    ///   - environment: The environment's variables.
    /// - Throws: When they do not say where a ticket comes from, or for whom it is.
    init(
        _ options: [String: Secret],
        serviceName: String?,
        environment: [String: String]
    ) throws(SecurityRefusal) {
        let texts = options.mapValues(\.text).filter { !$0.value.isEmpty }
        self.serviceName = try Self.serviceName(texts["serviceName"], serviceName)
        guard texts["isInitiator"].map(Self.isTrue) ?? true else {
            throw Self.refusal("isInitiator=false is for brokers; a client must be the initiator")
        }
        let principal = texts["principal"]
        var credentials: [KerberosCredentials] = []
        if texts["useTicketCache"].map(Self.isTrue) ?? false {
            credentials.append(.cache(path: texts["ticketCache"], principal: principal))
        } else if texts["ticketCache"] != nil {
            throw Self.refusal("ticketCache needs useTicketCache=true")
        }
        if texts["useKeyTab"].map(Self.isTrue) ?? false {
            guard let principal else { throw Self.refusal("useKeyTab=true needs principal, the name whose key to use") }
            let path = texts["keyTab"] ?? environment["KRB5_KTNAME"] ?? Self.defaultKeytab
            credentials.append(.keytab(path: Self.path(path), principal: principal))
        } else if texts["keyTab"] != nil {
            throw Self.refusal("keyTab needs useKeyTab=true")
        }
        guard !credentials.isEmpty else {
            throw Self.refusal(
                "nobody can be asked for a password; set useTicketCache=true, or useKeyTab=true with keyTab and principal"
            )
        }
        self.credentials = credentials
        let unknown = texts.keys.count { !Self.known.contains($0) && !Self.idle.contains($0) }
        // Names are not shown: behind a missing quote a secret looks like one.
        let count = unknown == 1 ? "an option" : "\(unknown) options"
        notes =
            unknown == 0
            ? []
            : [
                "\(Self.key): \(count) unknown to \(Self.module) will be ignored; it knows "
                    + Self.known.joined(separator: ", ")
            ]
    }

    /// Java's `keyTab` may begin with `FILE:` and with `file://`.
    private static func path(_ text: String) -> String {
        for prefix in ["file://", "FILE:"] where text.hasPrefix(prefix) { return String(text.dropFirst(prefix.count)) }
        return text
    }

    private static func isTrue(_ text: String) -> Bool { text.lowercased() == "true" }

    private static func serviceName(_ jaas: String?, _ setting: String?) throws(SecurityRefusal) -> String {
        switch (jaas, setting.flatMap { $0.isEmpty ? nil : $0 }) {
        case (let jaas?, let setting?) where jaas != setting:
            throw SecurityRefusal(
                key: "sasl.kerberos.service.name",
                "Conflicting serviceName values found in JAAS and Kafka configs value in JAAS file "
                    + "\(ForeignText.shown(jaas)), value in Kafka config \(ForeignText.shown(setting))"
            )
        case (let name?, _), (nil, let name?): return name
        case (nil, nil):
            throw SecurityRefusal(
                key: "sasl.kerberos.service.name",
                "No serviceName defined in either JAAS or Kafka config: set sasl.kerberos.service.name to the name that "
                    + "brokers run under, such as kafka"
            )
        }
    }

    private static func refusal(_ reason: String) -> SecurityRefusal {
        SecurityRefusal(key: key, "\(key): \(module): \(reason)")
    }
}
