// SPDX-License-Identifier: Apache-2.0

/// What the user should know about keys that the producer does not know or that have no effect here.
enum ConfigurationAdvice {
    static func notices(on settings: MergedSettings) -> [ConfigurationNotice] {
        settings.keys.flatMap { key -> [ConfigurationNotice] in
            guard let setting = settings[key] else { return [] }
            let text = setting.text.trimmedAsJava
            if let known = ProducerConfigKey.row(named: key) {
                return notices(on: known, text: text, settings: settings).map { $0.at(setting.origin) }
            }
            guard UnknownKeys.isUnknown(key), !UnknownKeys.isFault(key, setting) else { return [] }
            let message = "\(UnknownKeys.sentence(key)) and has no effect\(UnknownKeys.advice(key))"
            return [notice(.unknownKey, .warning, key, message).at(setting.origin)]
        }
    }

    private static func notices(
        on key: ProducerConfigKey,
        text: String,
        settings: MergedSettings
    ) -> [ConfigurationNotice] {
        switch key.support {
        case .honoured:
            if let idle = idle(key.name, settings) ?? withoutTransactions(key.name, settings)
                ?? besidePartitioner(key.name, text, settings)
            {
                return [idle]
            }
            return key.property?.remark(on: text).map { [notice(.olderName, .information, key.name, $0)] } ?? []
        case .noEffect(let reason):
            // An empty list, or `false`, asks for nothing that this program would not do.
            guard !text.isEmpty, text.uppercased() != "FALSE" else { return [] }
            return [notice(.noEffect, .information, key.name, "\(key.name) has no effect: \(reason)")]
        case .later:
            return withoutTransactions(key.name, settings).map { [$0] } ?? []
        }
    }

    /// A setting of transactions where there are none, as in the Java client.
    private static func withoutTransactions(_ key: String, _ settings: MergedSettings) -> ConfigurationNotice? {
        guard key.hasPrefix("transaction."), !settings.contains("transactional.id") else { return nil }
        return notice(.noEffect, .information, key, "\(key) has no effect without transactional.id")
    }

    /// The rack is looked at by the built-in partitioner alone, as in the Java client.
    private static func besidePartitioner(
        _ key: String,
        _ text: String,
        _ settings: MergedSettings
    ) -> ConfigurationNotice? {
        guard key == RackRule.key, text.uppercased() == "TRUE",
            settings["partitioner.class"].flatMap({ PartitionerName(named: $0.text.trimmedAsJava) }) == .roundRobin
        else { return nil }
        return notice(.noEffect, .information, key, "\(key) has no effect with partitioner.class")
    }

    /// A setting of TLS or of a login where there is none, as in the Java client.
    private static func idle(_ key: String, _ settings: MergedSettings) -> ConfigurationNotice? {
        guard key.hasPrefix("ssl.") || key.hasPrefix("sasl.") else { return nil }
        let text = settings["security.protocol"]?.text.trimmedAsJava.uppercased() ?? "PLAINTEXT"
        guard let used = SecurityProtocol(rawValue: text) else { return nil }
        guard !(key.hasPrefix("ssl.") ? used.usesTLS : used.usesSASL) else { return nil }
        guard settings.contains("security.protocol") else {
            // A user who writes this may well believe that nothing goes in plain text.
            let message = "\(key) has no effect: security.protocol is not set, so that records are sent in plain text"
            return notice(.noEffect, .warning, key, message)
        }
        return notice(.noEffect, .information, key, "\(key) has no effect with security.protocol=\(used.rawValue)")
    }

    private static func notice(
        _ kind: ConfigurationNotice.Kind,
        _ severity: ConfigurationNotice.Severity,
        _ key: String,
        _ message: String
    ) -> ConfigurationNotice {
        ConfigurationNotice(kind: kind, severity: severity, key: key, origin: nil, message: message)
    }
}

extension ConfigurationNotice {
    /// The same notice, pointing to where the setting was written.
    fileprivate func at(_ origin: PropertyOrigin) -> ConfigurationNotice {
        var notice = self
        notice.origin = origin
        return notice
    }
}
