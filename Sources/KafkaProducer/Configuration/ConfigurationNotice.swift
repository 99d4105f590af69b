// SPDX-License-Identifier: Apache-2.0

/// Something about the settings that the user should know at the start, without being an error.
public struct ConfigurationNotice: Sendable, Hashable, CustomStringConvertible {
    /// What the notice is about.
    @nonexhaustive
    public enum Kind: Sendable, Hashable {
        /// The key is not one of Kafka's producer.
        case unknownKey
        /// The key is known, and has no effect in this program.
        case noEffect
        /// A value was changed, or switched off, because of another one.
        case adjusted
        /// The key or value is an older name for something else.
        case olderName
        /// It works, and others may read along, or pretend to be somebody else.
        case insecure
    }

    /// How loudly to say it.
    public enum Severity: Sendable, Hashable {
        /// What the user set does not hold as written.
        case warning
        /// Worth knowing, and as intended.
        case information
    }

    /// What the notice is about.
    public var kind: Kind
    /// How loudly to say it.
    public var severity: Severity
    /// The setting's name.
    public var key: String
    /// Where it was written, or `nil` for a default.
    public var origin: PropertyOrigin?
    /// One sentence.
    public var message: String

    /// Creates a notice.
    ///
    /// - Parameters:
    ///   - kind: what it is about.
    ///   - severity: how loudly to say it.
    ///   - key: the setting's name.
    ///   - origin: where it was written.
    ///   - message: one sentence.
    public init(kind: Kind, severity: Severity, key: String, origin: PropertyOrigin?, message: String) {
        self.kind = kind
        self.severity = severity
        self.key = key
        self.origin = origin
        self.message = message
    }

    /// The origin, if any, and the message: one line.
    public var description: String { origin.map { "\($0): \(message)" } ?? message }
}
