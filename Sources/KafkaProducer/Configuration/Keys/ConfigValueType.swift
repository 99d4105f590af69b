// SPDX-License-Identifier: Apache-2.0

/// How the text of a setting is read, by Kafka's names of the types.
@nonexhaustive
public enum ConfigValueType: String, Sendable, Hashable {
    /// `true` or `false` in any case.
    case boolean = "BOOLEAN"
    /// Text, blanks around it dropped.
    case string = "STRING"
    /// Text that is never shown.
    case password = "PASSWORD"
    /// A 16-bit integer.
    case short = "SHORT"
    /// A 32-bit integer.
    case int = "INT"
    /// A 64-bit integer.
    case long = "LONG"
    /// A 64-bit floating point number.
    case double = "DOUBLE"
    /// Texts with commas between them.
    case list = "LIST"
    /// The name of a Java class.
    case className = "CLASS"
}
