// SPDX-License-Identifier: Apache-2.0

/// One setting as it holds after merging and all rules, as text.
public struct EffectiveValue: Sendable, Hashable, CustomStringConvertible {
    /// The setting's name.
    public var key: String
    /// The value as the Java client prints it: lists in brackets, passwords as `[hidden]`, no value as `null`.
    public var text: String
    /// Where it was written, or `nil` when it is the default or follows from other settings.
    public var origin: PropertyOrigin?

    /// Creates an effective value.
    ///
    /// - Parameters:
    ///   - key: the setting's name.
    ///   - text: the value as text.
    ///   - origin: where it was written.
    public init(key: String, text: String, origin: PropertyOrigin?) {
        self.key = key
        self.text = text
        self.origin = origin
    }

    /// `key = text`.
    public var description: String { "\(key) = \(text)" }
}
