// SPDX-License-Identifier: Apache-2.0

/// How a setting's value becomes what a property holds, and back.
struct SettingCodec<Value: Sendable>: Sendable {
    /// Reads a value of the row's type.
    let decode: @Sendable (ConfigValue) throws(SettingObjection) -> Value
    /// Writes the property as the Java client would show it.
    let encode: @Sendable (Value) -> ConfigValue
    /// What to write instead of a text that is wrong; nil where the Java client's words say it.
    var explanation: (@Sendable (String) -> String?)?
    /// What the user should know about a text that is an older name for something else.
    var remark: (@Sendable (String) -> String?)?

    init(
        decode: @escaping @Sendable (ConfigValue) throws(SettingObjection) -> Value,
        encode: @escaping @Sendable (Value) -> ConfigValue
    ) {
        self.decode = decode
        self.encode = encode
    }

    /// Adds what to write instead of a text that is wrong.
    func explaining(_ explanation: @escaping @Sendable (String) -> String?) -> Self {
        var codec = self
        codec.explanation = explanation
        return codec
    }

    /// Adds what the user should know about older names.
    func remarking(_ remark: @escaping @Sendable (String) -> String?) -> Self {
        var codec = self
        codec.remark = remark
        return codec
    }
}

extension ConfigValue {
    /// The number, of a value that has to be one.
    func requireInteger() throws(SettingObjection) -> Int64 {
        guard case .integer(let value) = self else { throw .rule("Expected a number") }
        return value
    }

    /// The truth value, of a value that has to be one.
    func requireBoolean() throws(SettingObjection) -> Bool {
        guard case .boolean(let value) = self else { throw .rule("Expected value to be either true or false") }
        return value
    }

    /// The entries, of a value that has to be a list.
    func requireList() throws(SettingObjection) -> [String] {
        guard case .list(let value) = self else { throw .rule("Expected a list") }
        return value
    }

    /// The number, of a value that has to be one.
    func requireDouble() throws(SettingObjection) -> Double {
        guard case .double(let value) = self else { throw .rule("Expected a number") }
        return value
    }

    /// The text that is not to be shown, of a value that has to be one or nothing.
    func requirePassword() throws(SettingObjection) -> Password? {
        switch self {
        case .password(let value): return value
        case .null: return nil
        case .boolean, .integer, .double, .list, .string, .className: throw .rule("Expected a password")
        }
    }

    /// The text, of a value that has to be one or nothing.
    func requireText() throws(SettingObjection) -> String? {
        switch self {
        case .string(let value), .className(let value): return value
        case .null: return nil
        case .boolean, .integer, .double, .list, .password: throw .rule("Expected a text")
        }
    }
}
