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
    public var description: String { origin.map { "\($0): \(javaMessage)" } ?? javaMessage }
}
