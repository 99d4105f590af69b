// SPDX-License-Identifier: Apache-2.0

extension ProducerConfigKey {
    /// Reads and checks the text of this setting as Kafka's `ConfigDef` does.
    ///
    /// - Parameters:
    ///   - text: the text as written.
    ///   - origin: where it was written, for errors.
    /// - Returns: the value, blanks around the text dropped.
    /// - Throws: `ConfigurationError` with the Java client's message.
    func value(of text: String, origin: PropertyOrigin?) throws(ConfigurationError) -> ConfigValue {
        let value = try typedValue(of: text, origin: origin)
        try check(value, origin: origin)
        return value
    }

    /// Checks a value against the rule of this setting.
    ///
    /// - Parameters:
    ///   - value: the value.
    ///   - origin: where it was written, for errors.
    /// - Throws: `ConfigurationError` with the Java client's message.
    func check(_ value: ConfigValue, origin: PropertyOrigin?) throws(ConfigurationError) {
        if let objection = rule.objection(to: value) {
            throw ConfigurationError(key: name, value: value.text, rule: objection, origin: origin)
        }
        if case (.entries(let allowsNone), .list(let entries)) = (rule, value) {
            try checkEntries(entries, allowsNone: allowsNone, origin: origin)
        }
    }

    /// Puts a value that was checked into its property; of a setting without one nothing happens.
    ///
    /// - Parameters:
    ///   - value: the value.
    ///   - origin: where it was written; nil when it was not set.
    ///   - configuration: what has the property.
    /// - Throws: `ConfigurationError` when the property cannot hold the value.
    func assign(
        _ value: ConfigValue,
        origin: PropertyOrigin?,
        to configuration: inout ProducerConfiguration
    ) throws(ConfigurationError) {
        do throws(SettingObjection) {
            try property?.assign(value, isSet: origin != nil, to: &configuration)
        } catch {
            switch error {
            case .rule(let rule):
                throw ConfigurationError(key: name, value: value.text, rule: rule, origin: origin)
            case .message(let message, let part):
                throw ConfigurationError(message: message, key: name, value: part, origin: origin)
            }
        }
    }

    private func typedValue(of text: String, origin: PropertyOrigin?) throws(ConfigurationError) -> ConfigValue {
        let trimmed = text.trimmedAsJava
        switch type {
        case .boolean:
            switch trimmed.uppercased() {
            case "TRUE": return .boolean(true)
            case "FALSE": return .boolean(false)
            default:
                let rule = "Expected value to be either true or false"
                throw ConfigurationError(key: name, value: text, rule: rule, origin: origin)
            }
        case .short, .int, .long: return .integer(try integer(in: trimmed, written: text, origin: origin))
        case .double:
            guard let number = JavaNumber.double(trimmed) else { throw notANumber(text, origin) }
            return .double(number)
        case .string: return .string(trimmed)
        case .password: return .password(Password(trimmed))
        case .list: return .list(entries(in: trimmed))
        case .className: return .className(try existingClass(trimmed, written: text, origin: origin))
        }
    }

    private func integer(
        in trimmed: String,
        written text: String,
        origin: PropertyOrigin?
    ) throws(ConfigurationError) -> Int64 {
        guard let number = JavaNumber.integer(trimmed) else { throw notANumber(text, origin) }
        let fits =
            switch type {
            case .short: Int16(exactly: number) != nil
            case .int: Int32(exactly: number) != nil
            default: true
            }
        guard fits else { throw notANumber(text, origin) }
        return number
    }

    private func notANumber(_ text: String, _ origin: PropertyOrigin?) -> ConfigurationError {
        let rule = "Not a number of type \(type.rawValue)"
        return ConfigurationError(key: name, value: text, rule: rule, origin: origin)
    }

    /// Takes a list apart at commas and the blanks around them; entries that say the same count once.
    private func entries(in trimmed: String) -> [String] {
        guard !trimmed.isEmpty else { return [] }
        var entries: [String] = []
        for part in trimmed.unicodeScalars.split(separator: ",", omittingEmptySubsequences: false) {
            let entry = String(part.trimming(while: \.isJavaWhitespace))
            if rule == .any || !entries.contains(entry) { entries.append(entry) }
        }
        return entries
    }

    private func checkEntries(
        _ entries: [String],
        allowsNone: Bool,
        origin: PropertyOrigin?
    ) throws(ConfigurationError) {
        if entries.isEmpty, !allowsNone {
            let message = "Configuration '\(name)' must not be empty. Valid values include: any non-empty value"
            throw ConfigurationError(message: message, key: name, value: "", origin: origin)
        }
        if entries.contains("") {
            let message = "Configuration '\(name)' values must not be empty."
            throw ConfigurationError(message: message, key: name, value: entries.joined(separator: ","), origin: origin)
        }
    }

    private func existingClass(
        _ trimmed: String,
        written text: String,
        origin: PropertyOrigin?
    ) throws(ConfigurationError) -> String {
        let exists =
            switch rule {
            case .partitionerClass: PartitionerName(named: trimmed) != nil
            case .serializerClass: Serializer(named: trimmed) != nil
            default: true
            }
        guard exists else {
            let rule = "Class \(text) could not be found."
            throw ConfigurationError(key: name, value: text, rule: rule, origin: origin)
        }
        return trimmed
    }
}
