// SPDX-License-Identifier: Apache-2.0

/// The value of a setting once its text was read.
enum ConfigValue: Sendable, Hashable {
    case boolean(Bool)
    case integer(Int64)
    case double(Double)
    case string(String)
    case password(Password)
    case list([String])
    case className(String)
    case null

    /// The value as the Java client prints it.
    var text: String {
        switch self {
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .double(let value): JavaNumber.text(value)
        case .string(let value), .className(let value): value
        case .password: "[hidden]"
        case .list(let values): "[" + values.joined(separator: ", ") + "]"
        case .null: "null"
        }
    }
}
