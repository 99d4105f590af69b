// SPDX-License-Identifier: Apache-2.0

extension SettingsReport {
    /// For a person: what was written first, then the defaults.
    ///
    /// - Parameter isVerbose: Also the settings of TLS and logins that nobody has written.
    /// - Returns: Lines.
    func text(isVerbose: Bool) -> String {
        let written = settings.filter { $0.source != nil }
        let defaults = settings.filter { $0.source == nil }
        let shown = isVerbose ? defaults : defaults.filter { !$0.name.hasPrefix("ssl.") && !$0.name.hasPrefix("sasl.") }
        var text = Self.section("set", written.map(Self.line))
        text += Self.section("not set", shown.map(Self.line))
        if shown.count < defaults.count {
            text += "  and \(defaults.count - shown.count) of TLS and logins, which -v shows\n"
        }
        text += Self.section("idempotence", [idempotence, guarantee])
        text += Self.section("times", timeouts)
        text += Self.section("without effect", noEffect)
        text += Self.section("worth knowing", remarks)
        text += Self.section("dangerous", dangers)
        return text
    }

    private static func section(_ title: String, _ lines: [String]) -> String {
        lines.isEmpty ? "" : title + "\n" + lines.map { "  \($0)\n" }.joined()
    }

    private static func line(_ value: Value) -> String {
        var facts: [String] = []
        if let source = value.source {
            facts = [source, "default \(value.defaultValue)"]
        } else if value.value != value.defaultValue {
            facts = ["follows from others; default \(value.defaultValue)"]
        }
        if value.noEffect != nil { facts.append("no effect") }
        if !value.otherNames.isEmpty { facts.append("elsewhere \(value.otherNames.joined(separator: ", "))") }
        return "\(value.name) = \(value.value)" + (facts.isEmpty ? "" : "  (\(facts.joined(separator: "; ")))")
    }
}
