// SPDX-License-Identifier: Apache-2.0
import KafkaClient

/// Finds secrets that others on this machine can read: on the command line, and in settings files.
enum SecretExposure {
    /// Settings of Kafka's type PASSWORD that may be shown to anybody: certificates.
    private static let open: Set = ["ssl.truststore.certificates", "ssl.keystore.certificate.chain"]
    /// What the names of JAAS options with a secret have in them.
    private static let words = ["password", "secret", "sessiontoken", "ssl.keystore.key"]

    /// One warning for all that was typed, and one for each file. The settings are as written, variables not filled in.
    static func notices(
        on settings: MergedSettings,
        _ environment: some ConfigurationEnvironment
    ) -> [ConfigurationNotice] {
        var typed: [(key: String, origin: PropertyOrigin)] = []
        var written: [(key: String, origin: PropertyOrigin)] = []
        for key in settings.keys {
            guard let setting = settings[key], holdsSecret(key, setting.text) else { continue }
            if setting.origin.line != nil {
                written.append((key, setting.origin))
            } else if setting.isStrict {
                typed.append((key, setting.origin))
            }
        }
        var notices: [ConfigurationNotice] = []
        if let first = typed.first {
            let message =
                "everyone on this machine can see the command line, and the password in \(list(typed.map(\.key))): write it "
                + "into a file (-c FILE), or with config.providers ${env:NAME} or ${file:/path:key} in its place"
            notices.append(warning(first.key, first.origin, message))
        }
        var files: Set<String> = []
        for (key, origin) in written where files.insert(origin.source).inserted {
            guard environment.isReadableByOthers(origin.source) else { continue }
            let message =
                "others can read this file, and the password in \(key): chmod 600 \(origin.source), or write ${env:NAME} or "
                + "${file:/path:key} in its place (config.providers)"
            notices.append(warning(key, origin, message))
        }
        return notices
    }

    /// Whether a text holds a secret itself, and no variable for it.
    private static func holdsSecret(_ key: String, _ text: String) -> Bool {
        guard ProducerConfigKey.row(named: key)?.type == .password, !open.contains(key) else { return false }
        guard key == "sasl.jaas.config" else { return isLiteral(text) }
        guard let jaas = try? JAASConfiguration(parsing: text) else { return false }
        return jaas.options.contains { name, value in
            words.contains { name.lowercased().contains($0) } && isLiteral(value.text)
        }
    }

    private static func isLiteral(_ text: String) -> Bool {
        let pieces = ConfigVariable.pieces(of: text)
        return !pieces.isEmpty
            && pieces.allSatisfy { piece in
                if case .text = piece { true } else { false }
            }
    }

    private static func list(_ keys: [String]) -> String { keys.joined(separator: " and ") }

    private static func warning(_ key: String, _ origin: PropertyOrigin, _ message: String) -> ConfigurationNotice {
        ConfigurationNotice(kind: .insecure, severity: .warning, key: key, origin: origin, message: message)
    }
}
