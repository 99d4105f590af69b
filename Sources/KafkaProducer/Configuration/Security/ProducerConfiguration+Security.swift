// SPDX-License-Identifier: Apache-2.0
package import KafkaClient

extension ProducerConfiguration {
    /// Makes TLS and the login ready, so that what is wrong with them shows before a producer is made: reads the stores of
    /// keys and certificates, and the login's options. What the user should know of them is added to ``notices``.
    ///
    /// A producer made with this configuration uses them. Without this call it makes them itself. Blocks while it reads
    /// files.
    ///
    /// - Throws: `ConfigurationError` for the first setting that is wrong, with the others.
    public mutating func prepareSecurity() throws(ConfigurationError) {
        let security = try security()
        guard prepared !== security else { return }
        notices += security.notices
        prepared = security
    }

    /// Gets what the login needs before anything is sent, such as a first token.
    ///
    /// - Throws: When no login could succeed.
    package func prepareLogin() async throws(LoginError) {
        try await prepared?.prepareLogin()
    }

    /// What the time of whoever gave the credentials says of this machine's clock; nil when nobody told a time.
    package var clockComparison: ClockComparison? { prepared?.client.login?.clockComparison }

    /// TLS and login as they were made ready, or made now.
    func security() throws(ConfigurationError) -> PreparedSecurity {
        if let prepared, prepared.fits(self) { return prepared }
        return try PreparedSecurity(self)
    }

    /// A setting that is refused, with its place.
    ///
    /// - Parameters:
    ///   - key: Its name.
    ///   - message: One sentence: what is wrong and what to write. It shows no secret.
    ///   - rule: What the Java client says of the value, where it refuses it too.
    /// - Returns: The error.
    func refusal(of key: String, _ message: String, rule: String? = nil) -> ConfigurationError {
        let row = ProducerConfigKey.named(key)
        let value = row.flatMap { $0.type == .password ? nil : $0.property?.value(in: self).text }
        guard let rule else {
            return ConfigurationError(message: message, key: key, value: value, origin: origin(of: key))
        }
        var error = ConfigurationError(key: key, value: value, rule: rule, origin: origin(of: key))
        error.explanation = message
        return error
    }

    /// A setting of a login that is refused; of one that was not written, the place is where a login was asked for.
    ///
    /// - Parameters:
    ///   - key: Its name.
    ///   - message: One sentence: what is wrong and what to write. It shows no secret.
    /// - Returns: The error.
    func loginRefusal(of key: String, _ message: String) -> ConfigurationError {
        var error = refusal(of: key, message)
        error.origin = error.origin ?? origin(of: "security.protocol")
        return error
    }

    /// A setting that names a Java class of which nothing is known here.
    func refusal(ofClass key: String, _ name: String, instead: String = "remove the line") -> ConfigurationError {
        refusal(
            of: key,
            "\(key)=\(name) is a Java class, which cannot run here; \(instead)",
            rule: "Class \(name) could not be found."
        )
    }

    /// A notice about a setting.
    func notice(
        _ kind: ConfigurationNotice.Kind,
        _ severity: ConfigurationNotice.Severity,
        _ key: String,
        _ message: String
    ) -> ConfigurationNotice {
        ConfigurationNotice(kind: kind, severity: severity, key: key, origin: origin(of: key), message: message)
    }
}
