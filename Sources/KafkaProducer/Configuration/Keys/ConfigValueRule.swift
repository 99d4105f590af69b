// SPDX-License-Identifier: Apache-2.0

/// Which values a setting may have, in the Java client's words.
@nonexhaustive
public enum ConfigValueRule: Sendable, Hashable, CustomStringConvertible {
    /// Every value of its type.
    case any
    /// An integer not below this one.
    case atLeast(Int64)
    /// An integer within these bounds.
    case between(Int64, Int64)
    /// A floating point number within these bounds.
    case betweenDoubles(Double, Double)
    /// An integer within these bounds, or this other one.
    case betweenOr(Int64, Int64, other: Int64)
    /// One of these texts.
    case oneOf([String])
    /// One of these texts, in any case.
    case oneOfIgnoringCase([String])
    /// A text of at least one character.
    case nonEmptyString
    /// Entries that are not empty; repeated ones count once.
    case entries(allowsNone: Bool)
    /// A partitioner that exists here.
    case partitionerClass
    /// A serializer that exists here.
    case serializerClass

    /// What Kafka's documentation lists as valid values; empty when it lists none.
    public var description: String {
        switch self {
        case .any, .entries, .partitionerClass, .serializerClass: ""
        case .atLeast(let least): "[\(least),...]"
        case .between(let least, let most): "[\(least),...,\(most)]"
        case .betweenDoubles(let least, let most): "[\(least),...,\(most)]"
        case .betweenOr(let least, let most, let other): "[\(least),...,\(most)] or \(other)"
        case .oneOf(let values): "[\(values.joined(separator: ", "))]"
        case .oneOfIgnoringCase(let values): "(case insensitive) [\(values.joined(separator: ", "))]"
        case .nonEmptyString: "non-empty string"
        }
    }

    /// What is wrong with a value, in the Java client's words, or `nil` when nothing is.
    func objection(to value: ConfigValue) -> String? {
        switch (self, value) {
        case (.atLeast(let least), .integer(let number)):
            number < least ? "Value must be at least \(least)" : nil
        case (.between(let least, let most), .integer(let number)):
            Self.objection(to: number, least: least, most: most)
        case (.betweenDoubles(let least, let most), .double(let number)):
            Self.objection(to: number, least: least, most: most)
        case (.betweenOr(let least, let most, let other), .integer(let number)):
            (least...most).contains(number) || number == other
                ? nil : "Value must be between \(least) and \(most) or equal to \(other)"
        case (.oneOf(let values), .string(let text)):
            values.contains(text) ? nil : "String must be one of: \(values.joined(separator: ", "))"
        case (.oneOfIgnoringCase(let values), .string(let text)):
            values.contains(text.uppercased())
                ? nil : "String must be one of (case insensitive): \(values.joined(separator: ", "))"
        case (.nonEmptyString, .string(let text)):
            text.isEmpty ? "String must be non-empty" : nil
        default:
            nil
        }
    }

    private static func objection<Number: Comparable>(to number: Number, least: Number, most: Number) -> String? {
        if number < least { return "Value must be at least \(least)" }
        if number > most { return "Value must be no more than \(most)" }
        return nil
    }
}
