// SPDX-License-Identifier: Apache-2.0

/// What brokers are told besides a token (KIP-342).
enum OAuthExtensions {
    /// Takes the options with a prefix away from the others.
    ///
    /// - Throws: For names and values that the mechanism cannot say.
    static func take(
        from options: inout [String: Secret],
        prefix: String
    ) throws(SecurityRefusal) -> [String: String] {
        var extensions: [String: String] = [:]
        for (option, value) in options where option.hasPrefix(prefix) {
            extensions[String(option.dropFirst(prefix.count))] = value.text
        }
        options = options.filter { !$0.key.hasPrefix(prefix) }
        for (name, value) in extensions.sorted(by: { $0.key < $1.key }) {
            do throws(SASLError) {
                try OAuthBearerMechanism.check(name, value)
            } catch {
                throw SecurityRefusal(key: "sasl.jaas.config", "sasl.jaas.config: \(error)")
            }
        }
        return extensions
    }
}
