// SPDX-License-Identifier: Apache-2.0

/// The settings of several sources put over each other: of one key, the later source and the later line win.
struct MergedSettings {
    /// One setting's text and where it was written.
    struct Setting {
        var text: String
        var origin: PropertyOrigin
        /// Whether an unknown key is an error.
        var isStrict = false
    }

    /// The keys in the order in which they first appear.
    private(set) var keys: [String] = []
    private var settings: [String: Setting] = [:]

    init(_ sources: [PropertySource]) {
        for source in sources {
            for entry in source.entries {
                let origin = PropertyOrigin(source: source.name, line: entry.line)
                let setting = Setting(text: entry.value, origin: origin, isStrict: source.refusesUnknownKeys)
                if settings.updateValue(setting, forKey: entry.key) == nil { keys.append(entry.key) }
            }
        }
    }

    subscript(key: String) -> Setting? { settings[key] }

    /// Whether the key was set, to whatever value.
    func contains(_ key: String) -> Bool { settings[key] != nil }

    /// Replaces the text of a key that is set; its origin stays.
    mutating func replaceText(of key: String, with text: String) {
        settings[key]?.text = text
    }
}
