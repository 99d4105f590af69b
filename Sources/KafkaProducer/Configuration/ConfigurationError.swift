// SPDX-License-Identifier: Apache-2.0

/// A setting that cannot be used: which, what it was, which rule it breaks, and where it was written.
public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The setting's name, or `nil` when a whole file is at fault.
    public var key: String?
    /// The value as written, or `nil` when there is none or it is secret.
    public var value: String?
    /// The rule that is broken.
    public var rule: String
    /// Where the setting was written, or `nil` when it is missing.
    public var origin: PropertyOrigin?
    /// The message of the Java client's `ConfigException` for the same fault, word by word.
    public var javaMessage: String
    /// A sentence that says more than the Java client's: what is wrong and what to write. Shown in its place.
    public var explanation: String?
    /// What else is wrong with the same settings.
    public var further: [ConfigurationError] = []
    /// What the user should know about these settings beside what is wrong.
    public var notices: [ConfigurationNotice] = []

    /// Creates an error with the Java client's wording for a value that breaks a rule.
    ///
    /// - Parameters:
    ///   - key: the setting's name.
    ///   - value: the value as Java prints it; `nil` is printed as `null`.
    ///   - rule: the rule that is broken.
    ///   - origin: where the setting was written.
    public init(key: String, value: String?, rule: String, origin: PropertyOrigin?) {
        self.key = key
        self.value = value
        self.rule = rule
        self.origin = origin
        self.javaMessage = "Invalid value \(value ?? "null") for configuration \(key): \(rule)"
    }

    /// Creates an error whose message stands for itself.
    ///
    /// - Parameters:
    ///   - message: one sentence that names what is wrong.
    ///   - key: the setting's name.
    ///   - value: the value as written.
    ///   - origin: where the setting was written.
    public init(message: String, key: String? = nil, value: String? = nil, origin: PropertyOrigin? = nil) {
        self.key = key
        self.value = value
        self.rule = message
        self.origin = origin
        self.javaMessage = message
    }

    /// The origin, if any, and the message: one line.
    public var description: String {
        let message = explanation ?? javaMessage
        return origin.map { "\($0): \(message)" } ?? message
    }

    /// This error and what else is wrong, each alone.
    public var all: [ConfigurationError] {
        var single = self
        single.further = []
        return [single] + further
    }
}

extension ConfigurationError {
    /// One error for several faults, of which the first comes first; nil when there is none.
    init?(_ faults: [ConfigurationError]) {
        let all = faults.flatMap(\.all)
        guard let first = all.first else { return nil }
        self = first
        further = Array(all.dropFirst())
    }
}
