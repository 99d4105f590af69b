// SPDX-License-Identifier: Apache-2.0

/// One setting of Kafka's producer: name, type, default and rule, what it is for, and what this program does with it.
///
/// The table `all` is the one place that knows Kafka's names. Its order is that of the Java client, which checks
/// settings in this order and reports the first that is wrong.
///
/// A row also says which property of ``ProducerConfiguration`` it sets, and how. Reading, checking, showing and explaining
/// a setting follow from its row: a new setting is one property and one row.
public struct ProducerConfigKey: Sendable {
    /// How much a setting matters to most users, as Kafka's documentation grades it.
    public enum Importance: String, Sendable, Hashable {
        /// To be thought about in every installation.
        case high = "HIGH"
        /// Worth tuning.
        case medium = "MEDIUM"
        /// Seldom changed.
        case low = "LOW"
    }

    /// What happens when it is not set.
    public enum Default: Sendable, Hashable {
        /// This value, written as in a settings file.
        case value(String)
        /// No value.
        case null
        /// An error: it must be set.
        case required
        /// An error in the Java client; this value here.
        case requiredInJava(here: String)
    }

    /// What this program does with a setting.
    public enum Support: Sendable, Hashable {
        /// It has the effect that it has in the Java client.
        case honoured
        /// It is read and checked, and has no effect; the text says why.
        case noEffect(String)
        /// It is read and checked, and a producer that needs it does not start yet; the text says what it belongs to.
        case later(String)
    }

    /// The name in a settings file.
    public let name: String
    /// How its text is read.
    public let type: ConfigValueType
    /// What happens when it is not set.
    public let defaultValue: Default
    /// Which values are allowed.
    public let rule: ConfigValueRule
    /// How much it matters.
    public let importance: Importance
    /// One sentence on what it is for.
    public let summary: String
    /// What this program does with it.
    public let support: Support
    /// Where its value goes; nil for a setting that has no property.
    let property: (any SettingProperty)?

    init(
        _ name: String,
        _ type: ConfigValueType,
        _ defaultValue: Default,
        _ rule: ConfigValueRule,
        _ importance: Importance,
        _ summary: String,
        sets property: (any SettingProperty)? = nil,
        support: Support = .honoured
    ) {
        self.name = name
        self.type = type
        self.defaultValue = defaultValue
        self.rule = rule
        self.importance = importance
        self.summary = summary
        self.property = property
        self.support = support
    }

    init(
        _ name: String,
        _ type: ConfigValueType,
        _ defaultValue: Default,
        _ importance: Importance,
        _ summary: String,
        sets property: (any SettingProperty)? = nil,
        support: Support = .honoured
    ) {
        self.init(name, type, defaultValue, .any, importance, summary, sets: property, support: support)
    }

    /// The default as the Java client prints it: what holds for a setting that has no property.
    package var defaultText: String {
        switch defaultValue {
        case .value(let text), .requiredInJava(let text): (try? value(of: text, origin: nil))?.text ?? text
        case .null, .required: ConfigValue.null.text
        }
    }

    /// Every key of the Kafka 4.3 producer, in the order in which the Java client checks them, and then those that later
    /// versions have added.
    public static let all: [ProducerConfigKey] =
        clientKeys + sslKeys + saslKeys + oauthKeys + transactionKeys + newerKeys

    /// Older settings, which the Java client has no more and which still mean something here.
    static let older: [ProducerConfigKey] = [
        .init(
            "producer.type",
            .string,
            .value("async"),
            .oneOf(["sync", "async"]),
            .low,
            "Whether each record is awaited before the next is sent.",
            sets: Setting(\.isSync, .producerType)
        )
    ]

    /// Every row, those of older settings last.
    static let rows: [ProducerConfigKey] = all + older

    /// The rows by their names.
    private static let byName: [String: ProducerConfigKey] =
        Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0) })

    /// The row of that name, of an older setting too.
    static func row(named name: String) -> ProducerConfigKey? { byName[name] }

    /// Finds a key.
    ///
    /// - Parameter name: the name in a settings file.
    /// - Returns: the key, or `nil` when Kafka's producer has none of that name.
    public static func named(_ name: String) -> ProducerConfigKey? {
        guard let row = byName[name], !older.contains(row) else { return nil }
        return row
    }
}

/// There is one row of a name.
extension ProducerConfigKey: Hashable {
    /// Whether both are the setting of the same name.
    public static func == (first: ProducerConfigKey, second: ProducerConfigKey) -> Bool { first.name == second.name }

    /// Hashes the name.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
