// SPDX-License-Identifier: Apache-2.0

/// The environment variables that a provider may show: those whose whole name matches `allowlist.pattern`.
struct AllowedNames {
    private let pattern: Regex<AnyRegexOutput>?

    /// Reads the pattern; without one every name is allowed.
    init(key: String, settings: MergedSettings) throws(ConfigurationError) {
        guard let setting = settings[key] else {
            pattern = nil
            return
        }
        do {
            pattern = try Regex(setting.text)
        } catch {
            let rule = "not a regular expression"
            throw ConfigurationError(key: key, value: setting.text, rule: rule, origin: setting.origin)
        }
    }

    func allows(_ name: String) -> Bool {
        guard let pattern else { return true }
        return name.wholeMatch(of: pattern) != nil
    }
}
