// SPDX-License-Identifier: Apache-2.0

/// A value of a JSON file, told apart exactly: `true` is not 1, and 64-bit numbers keep all their digits.
enum JSONValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    case number(Int64)
    /// A number with digits behind the point.
    case fraction(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])
}

extension JSONValue: Decodable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        // The most frequent kinds come first, since each wrong guess costs an error.
        if let value = try? container.decode(Int64.self) {
            self = .number(value)
        } else if let value = try? container.decode(Double.self) {
            self = .fraction(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([String: JSONValue].self) {
            self = .object(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .array(value)
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if container.decodeNil() {
            self = .null
        } else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a JSON value of messages")
        }
    }
}
