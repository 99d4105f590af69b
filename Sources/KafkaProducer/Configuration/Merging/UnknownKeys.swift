// SPDX-License-Identifier: Apache-2.0

/// Keys that Kafka's producer does not have: which of them are errors, and what they were probably meant to be.
enum UnknownKeys {
    /// Keys beside the table that mean something: what single Java classes read.
    private static let furtherKeys: Set<String> = [
        "serializer.encoding", "key.serializer.encoding", "value.serializer.encoding",
    ]

    static func isUnknown(_ key: String) -> Bool {
        ProducerConfigKey.row(named: key) == nil && !furtherKeys.contains(key) && !key.hasPrefix("config.providers.")
    }

    /// Whether an unknown key is an error: it was typed by hand, or encryption or a login was meant by it, and without
    /// it records would go in plain text.
    static func isFault(_ key: String, _ setting: MergedSettings.Setting) -> Bool {
        setting.isStrict || SecurityIntent.isMeant(by: key, value: setting.text)
    }

    /// The unknown keys that are errors, in their order.
    static func faults(in settings: MergedSettings) -> [ConfigurationError] {
        settings.keys.compactMap { key in
            guard isUnknown(key), let setting = settings[key], isFault(key, setting) else { return nil }
            let isSecurityMeant = SecurityIntent.isMeant(by: key, value: setting.text)
            let consequence = isSecurityMeant ? ", and without it records would be sent in plain text" : ""
            let message = sentence(key) + consequence + advice(key)
            return ConfigurationError(message: message, key: key, origin: setting.origin)
        }
    }

    static func sentence(_ key: String) -> String { "\(key) is not a setting of Kafka's producer" }

    /// What was probably meant, as the end of a sentence; empty when nothing is known.
    static func advice(_ key: String) -> String {
        if let advice = KeySuggestion.known[key] { return "; \(advice)" }
        return KeySuggestion.nearest(to: key).map { "; did you mean \($0)?" } ?? ""
    }
}
