// SPDX-License-Identifier: Apache-2.0

/// Fills in the variables of `config.providers` (KIP-297): `${name:key}` and `${name:path:key}` in any value.
struct ConfigProviders<Environment: ConfigurationEnvironment> {
    private let environment: Environment
    private var providers: [String: ConfigProvider] = [:]
    /// What `config.providers` lists, with a class or without.
    private var names: Set<String> = []
    private var files: [String: Properties] = [:]
    private(set) var notices: [ConfigurationNotice] = []

    /// Sets up the providers that the settings name.
    init(_ settings: MergedSettings, environment: Environment) throws(ConfigurationError) {
        self.environment = environment
        guard let list = settings["config.providers"] else { return }
        for part in list.text.split(separator: ",") {
            let name = String(part).trimmedAsJava
            names.insert(name)
            let classKey = "config.providers.\(name).class"
            guard let className = settings[classKey] else {
                let message = "config.providers names \(name), but \(classKey) is not set"
                notices.append(Self.warning("config.providers", list.origin, message))
                continue
            }
            providers[name] = try ConfigProvider(named: name, class: className, settings: settings, in: environment)
        }
    }

    /// Fills in the variables of every value, once: what a variable brings is not looked at again.
    mutating func resolve(_ settings: inout MergedSettings) throws(ConfigurationError) {
        for key in settings.keys {
            guard let setting = settings[key], setting.text.utf8.contains(UInt8(ascii: "$")) else { continue }
            settings.replaceText(of: key, with: try resolved(setting, key: key))
        }
    }

    private mutating func resolved(
        _ setting: MergedSettings.Setting,
        key: String
    ) throws(ConfigurationError) -> String {
        var result = ""
        for piece in ConfigVariable.pieces(of: setting.text) {
            switch piece {
            case .text(let text): result += text
            case .variable(let variable):
                guard let provider = providers[variable.provider] else {
                    warnOfMissingProvider(variable, key, setting.origin)
                    result += variable.text
                    continue
                }
                if let value = try value(of: variable, from: provider, key: key, origin: setting.origin) {
                    result += value
                } else {
                    let reason = isAllowed(variable, by: provider) ? "has no value" : "is not allowed to be read"
                    notices.append(Self.warning(key, setting.origin, "\(variable.text) in \(key) \(reason)"))
                    result += variable.text
                }
            }
        }
        return result
    }

    /// A notice of a variable of one of Kafka's own providers that is not filled in, for `config.providers` does not name it.
    ///
    /// Other names are left alone. Of a password the variable is not shown: it may be a part of a secret that looks like one.
    private mutating func warnOfMissingProvider(_ variable: ConfigVariable, _ key: String, _ origin: PropertyOrigin) {
        guard ["env", "file", "directory"].contains(variable.provider), !names.contains(variable.provider),
            let known = ProducerConfigKey.named(key)
        else { return }
        let text = known.type == .password ? "what looks like a variable" : variable.text
        notices.append(Self.warning(key, origin, "\(text) in \(key) \(variable.missingProvider)"))
    }

    private mutating func value(
        of variable: ConfigVariable,
        from provider: ConfigProvider,
        key: String,
        origin: PropertyOrigin
    ) throws(ConfigurationError) -> String? {
        do throws(ConfigProviderError) {
            switch provider {
            case .environment(let allowed):
                guard variable.path.isEmpty else {
                    throw ConfigProviderError(
                        message: "Path is not supported for EnvVarConfigProvider, invalid value '\(variable.path)'"
                    )
                }
                return allowed.allows(variable.key) ? environment.variable(named: variable.key) : nil
            case .file(let allowed):
                guard !variable.path.isEmpty, let path = allowed.path(variable.path) else { return nil }
                return try properties(path)[variable.key]
            case .directory(let allowed):
                guard !variable.path.isEmpty, let path = allowed.path(variable.path) else { return nil }
                return try content(of: variable.key, inDirectory: path)
            }
        } catch {
            throw ConfigurationError(message: error.message, key: key, value: variable.text, origin: origin)
        }
    }

    private func isAllowed(_ variable: ConfigVariable, by provider: ConfigProvider) -> Bool {
        switch provider {
        case .environment(let names): names.allows(variable.key)
        case .file(let paths), .directory(let paths): paths.path(variable.path) != nil
        }
    }

    private mutating func properties(_ path: String) throws(ConfigProviderError) -> Properties {
        if let properties = files[path] { return properties }
        let failure = ConfigProviderError(message: "Could not read properties from file \(path)")
        guard let bytes = try? environment.contents(ofFile: path), let text = String(validating: bytes, as: UTF8.self)
        else { throw failure }
        do {
            let properties = try Properties(text: text)
            files[path] = properties
            return properties
        } catch {
            throw ConfigProviderError(message: "Could not read properties from file \(path): \(error)")
        }
    }

    /// The text of a regular file of that name in the directory; of anything else there is none.
    private func content(of name: String, inDirectory path: String) throws(ConfigProviderError) -> String? {
        let file = path.hasSuffix("/") ? path + name : "\(path)/\(name)"
        guard !name.isEmpty, !name.utf8.contains(UInt8(ascii: "/")), environment.kind(ofPath: file) == .file else {
            return nil
        }
        guard let bytes = try? environment.contents(ofFile: file) else {
            throw ConfigProviderError(message: "Could not read file \(file) for property \(name)")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func warning(_ key: String, _ origin: PropertyOrigin, _ message: String) -> ConfigurationNotice {
        ConfigurationNotice(kind: .adjusted, severity: .warning, key: key, origin: origin, message: message)
    }
}
