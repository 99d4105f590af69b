// SPDX-License-Identifier: Apache-2.0

/// A JSON object as tokens have it: read strictly, with the numbers as they are written.
struct JSONObject: Equatable {
    /// A value of JSON.
    indirect enum Value: Equatable {
        case string(String)
        case number(Double)
        case boolean(Bool)
        case null
        case array([Value])
        case object([String: Value])
    }

    /// The values by their names; the last one counts when a name comes twice.
    let values: [String: Value]

    /// Reads a text in UTF-8; nil when it is no object, or something follows it.
    init?(_ bytes: [UInt8]) {
        var reader = JSONReader(bytes)
        guard case .object(let values)? = reader.document() else { return nil }
        self.values = values
    }

    /// The text of this name; nil when there is none.
    func string(_ name: String) -> String? {
        guard case .string(let text)? = values[name] else { return nil }
        return text
    }

    /// The number of this name; nil when there is none.
    func number(_ name: String) -> Double? {
        guard case .number(let number)? = values[name] else { return nil }
        return number
    }
}
