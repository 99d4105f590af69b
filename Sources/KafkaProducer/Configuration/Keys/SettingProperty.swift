// SPDX-License-Identifier: Apache-2.0

/// The property of ``ProducerConfiguration`` that a setting goes to, whatever its type: how a row reads, writes and shows it.
protocol SettingProperty: Sendable {
    /// Puts a value into the property.
    ///
    /// - Parameters:
    ///   - value: a value of the row's type, or `.null`.
    ///   - isSet: whether the setting was written; otherwise the value is a default, or follows from other settings.
    ///   - configuration: what has the property.
    /// - Throws: `SettingObjection` when the property cannot hold the value.
    func assign(
        _ value: ConfigValue,
        isSet: Bool,
        to configuration: inout ProducerConfiguration
    ) throws(SettingObjection)

    /// The property as a value of the row's type.
    func value(in configuration: ProducerConfiguration) -> ConfigValue

    /// What to write instead of a text that is wrong, where the Java client's words do not say it.
    func explanation(of text: String) -> String?

    /// What the user should know about a text that is right, but an older name for something else.
    func remark(on text: String) -> String?
}
