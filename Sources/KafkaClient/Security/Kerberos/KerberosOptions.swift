// SPDX-License-Identifier: Apache-2.0

/// The options of `com.sun.security.auth.module.Krb5LoginModule`.
struct KerberosOptions: Equatable, Sendable {
    private static let key = "sasl.jaas.config"
    private static let module = "Krb5LoginModule"
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
        let texts = options.mapValues(\.text)
        let names = ["serviceName", "principal", "keyTab", "ticketCache"]
        if let empty = names.first(where: { texts[$0]?.isEmpty == true }) {
            throw Self.refusal("\(empty) is empty")
        }
        self.serviceName = try Self.serviceName(texts["serviceName"], serviceName)
        credentials = try Self.credentials(texts, environment)
        notes = Self.notes(texts, usesKeytab: credentials.contains { if case .keytab = $0 { true } else { false } })
    }

    /// Where a ticket comes from.
    private static func credentials(
        _ texts: [String: String],
        _ environment: [String: String]
    ) throws(SecurityRefusal) -> [KerberosCredentials] {
        guard texts["isInitiator"].map(isTrue) ?? true else {
            throw refusal("isInitiator=false is for brokers; a client must be the initiator")
        }
        let principal = texts["principal"]
        guard principal != "*" else { throw refusal("principal=* is for brokers") }
        var credentials: [KerberosCredentials] = []
        if texts["useTicketCache"].map(isTrue) ?? false {
            credentials.append(.cache(path: texts["ticketCache"], principal: principal))
        } else if texts["ticketCache"] != nil {
            throw refusal("ticketCache needs useTicketCache=true")
        } else if texts["renewTGT"].map(isTrue) ?? false {
            throw refusal("renewTGT=true needs useTicketCache=true")
        }
        if texts["useKeyTab"].map(isTrue) ?? false {
            guard let principal else { throw refusal("useKeyTab=true needs principal, the name whose key to use") }
            let file = texts["keyTab"] ?? environment["KRB5_KTNAME"] ?? defaultKeytab
            credentials.append(.keytab(path: path(file), principal: principal))
        } else if texts["keyTab"] != nil {
            throw refusal("keyTab needs useKeyTab=true")
        }
        guard !credentials.isEmpty else {
            throw refusal(
                "nobody can be asked for a password; set useTicketCache=true, or useKeyTab=true with keyTab and principal"
            )
        }
        return credentials
    }

    /// What to tell about options: those that are unknown, and those that have no effect here.
    ///
    /// A `doNotPrompt`, a `refreshKrb5Config` and a `renewTGT` of `true` say what is done anyway.
    private static func notes(_ texts: [String: String], usesKeytab: Bool) -> [String] {
        var notes: [String] = []
        var idle = ["useFirstPass", "tryFirstPass", "storePass", "clearPass"]
        if !usesKeytab { idle.append("storeKey") }
        let without = idle.filter { texts[$0].map(isTrue) ?? false }
        if !without.isEmpty {
            notes.append("\(key): without effect for GSSAPI: \(without.joined(separator: ", "))")
        }
        if texts["doNotPrompt"].map(isTrue) == false {
            notes.append("\(key): doNotPrompt=false has no effect: nobody is asked for a password")
        }
        if texts["debug"].map(isTrue) ?? false {
            notes.append("\(key): debug has no effect; set KRB5_TRACE=/dev/stderr to see what the library does")
        }
        return notes + [LoginModule.kerberos.note(unknownOf: texts.keys)].compactMap { $0 }
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
