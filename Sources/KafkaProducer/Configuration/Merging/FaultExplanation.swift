// SPDX-License-Identifier: Apache-2.0

/// What to write instead of a value that is wrong, where the Java client's words do not say it.
enum FaultExplanation {
    /// A sentence to show in place of the Java client's message; nil when that one is clear.
    static func text(for fault: ConfigurationError, _ settings: MergedSettings) -> String? {
        guard let key = fault.key, let setting = settings[key], let known = ProducerConfigKey.row(named: key),
            known.type != .password
        else { return nil }
        if let variable = unfilledVariable(in: setting.text, settings) { return "\(key): \(variable)" }
        return known.property?.explanation(of: setting.text).map { "\(key): \($0)" }
    }

    private static func unfilledVariable(in text: String, _ settings: MergedSettings) -> String? {
        for case .variable(let variable) in ConfigVariable.pieces(of: text) {
            let providers =
                settings["config.providers"]?.text.split(separator: ",").map { String($0).trimmedAsJava } ?? []
            guard providers.contains(variable.provider) else { return "\(variable.text) \(variable.missingProvider)" }
            return "\(variable.text) has no value: set it, or write the value itself"
        }
        guard text.hasPrefix("$") else { return nil }
        return "\"\(text)\" is not filled in: variables of the shell mean nothing here; with config.providers there is "
            + "${env:NAME}"
    }
}
