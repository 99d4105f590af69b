// SPDX-License-Identifier: Apache-2.0

/// One setting of Kafka's producer: name, type, default and rule, what it is for, and what this program does with it.
///
/// The table `all` is the one place that knows Kafka's names. Its order is that of the Java client, which checks
/// settings in this order and reports the first that is wrong.
public struct ProducerConfigKey: Sendable, Hashable {
    /// How much a setting matters to most users, as Kafka's documentation grades it.
    public enum Importance: String, Sendable, Hashable {
        /// To be thought about in every installation.
        case high = "HIGH"
        /// Worth tuning.
        case medium = "MEDIUM"
        /// Seldom changed.
        case low = "LOW"
    }

    /// What happens when nobody sets it.
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
    /// What happens when nobody sets it.
    public let defaultValue: Default
    /// Which values are allowed.
    public let rule: ConfigValueRule
    /// How much it matters.
    public let importance: Importance
    /// One sentence on what it is for.
    public let summary: String
    /// What this program does with it.
    public let support: Support

    init(
        _ name: String,
        _ type: ConfigValueType,
        _ defaultValue: Default,
        _ rule: ConfigValueRule,
        _ importance: Importance,
        _ summary: String,
        support: Support = .honoured
    ) {
        self.name = name
        self.type = type
        self.defaultValue = defaultValue
        self.rule = rule
        self.importance = importance
        self.summary = summary
        self.support = support
    }

    init(
        _ name: String,
        _ type: ConfigValueType,
        _ defaultValue: Default,
        _ importance: Importance,
        _ summary: String,
        support: Support = .honoured
    ) {
        self.init(name, type, defaultValue, .any, importance, summary, support: support)
    }

    /// Every key of the Kafka 4.3 producer, in the order in which the Java client checks them.
    public static let all: [ProducerConfigKey] = clientKeys + sslKeys + saslKeys + oauthKeys + transactionKeys

    /// The keys by their names.
    static let byName: [String: ProducerConfigKey] = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// Finds a key.
    ///
    /// - Parameter name: the name in a settings file.
    /// - Returns: the key, or `nil` when Kafka's producer has none of that name.
    public static func named(_ name: String) -> ProducerConfigKey? { byName[name] }
}
