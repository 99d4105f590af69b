// SPDX-License-Identifier: Apache-2.0

/// Every setting's value after its text was read, or its default.
struct ParsedSettings {
    private var values: [String: ConfigValue] = [:]
    /// What was written for settings that another one limits: the Java client shows that.
    private var written: [String: ConfigValue] = [:]

    /// Reads all settings of the table in its order; the first that is wrong is the error, as in the Java client, and the
    /// others come with it.
    init(_ settings: MergedSettings) throws(ConfigurationError) {
        var faults: [ConfigurationError] = []
        for key in ProducerConfigKey.rows {
            do throws(ConfigurationError) {
                values[key.name] = try Self.value(of: key, in: settings)
            } catch {
                faults.append(error)
            }
        }
        if let error = ConfigurationError(faults) { throw error }
    }

    private static func value(
        of key: ProducerConfigKey,
        in settings: MergedSettings
    ) throws(ConfigurationError) -> ConfigValue {
        if let setting = settings[key.name] {
            return try key.value(of: setting.text, origin: setting.origin)
        }
        switch key.defaultValue {
        case .value(let text), .requiredInJava(let text): return try key.value(of: text, origin: nil)
        case .null: return .null
        case .required:
            let message = "Missing required configuration \"\(key.name)\" which has no default value."
            throw ConfigurationError(message: message, key: key.name)
        }
    }

    /// The value of a key of the table, or one that a rule put there.
    subscript(key: String) -> ConfigValue {
        get { values[key] ?? .null }
        set { values[key] = newValue }
    }

    /// Lets a setting be no larger than another one, and shows it as it was written.
    mutating func limit(_ key: String, to maximumKey: String) {
        guard integer(key) > integer(maximumKey) else { return }
        written[key] = self[key]
        self[key] = self[maximumKey]
    }

    /// The value as the Java client prints it.
    func shownText(_ key: String) -> String { (written[key] ?? self[key]).text }

    func integer(_ key: String) -> Int64 {
        guard case .integer(let value) = self[key] else { return mistyped(key) }
        return value
    }

    func isTrue(_ key: String) -> Bool {
        guard case .boolean(let value) = self[key] else { return mistyped(key) }
        return value
    }

    /// The text of a string or class, or `nil` when it has no value.
    func text(_ key: String) -> String? {
        switch self[key] {
        case .string(let value), .className(let value): value
        case .null: nil
        case .boolean, .integer, .double, .list, .password: mistyped(key)
        }
    }

    func duration(_ key: String) -> Duration { .setting(milliseconds: integer(key)) }

    private func mistyped<Value>(_ key: String) -> Value {
        preconditionFailure("\(key) is not of the type that the table gives it")
    }
}
