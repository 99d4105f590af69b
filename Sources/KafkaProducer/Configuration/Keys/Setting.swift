// SPDX-License-Identifier: Apache-2.0

/// A typed property of ``ProducerConfiguration`` and how a setting's value becomes it, and back.
struct Setting<Value: Sendable>: SettingProperty {
    private let property: any WritableKeyPath<ProducerConfiguration, Value> & Sendable
    private let codec: SettingCodec<Value>
    private let unset: Value?
    private let shows: (@Sendable (ProducerConfiguration) -> ConfigValue)?
    private let ifUnset: (@Sendable (inout ProducerConfiguration) -> Void)?

    /// - Parameters:
    ///   - property: where the value goes.
    ///   - codec: how it gets there and back.
    ///   - unset: the property when the setting was not written, where this is more than the default's text can say.
    ///   - shows: what is shown, where other properties have a say in it.
    ///   - ifUnset: what else holds when the setting was not written.
    init(
        _ property: any WritableKeyPath<ProducerConfiguration, Value> & Sendable,
        _ codec: SettingCodec<Value>,
        unset: Value? = nil,
        shows: (@Sendable (ProducerConfiguration) -> ConfigValue)? = nil,
        ifUnset: (@Sendable (inout ProducerConfiguration) -> Void)? = nil
    ) {
        self.ifUnset = ifUnset
        self.property = property
        self.codec = codec
        self.unset = unset
        self.shows = shows
    }

    func assign(
        _ value: ConfigValue,
        isSet: Bool,
        to configuration: inout ProducerConfiguration
    ) throws(SettingObjection) {
        if !isSet, let unset {
            configuration[keyPath: property] = unset
        } else {
            configuration[keyPath: property] = try codec.decode(value)
        }
        if !isSet { ifUnset?(&configuration) }
    }

    func value(in configuration: ProducerConfiguration) -> ConfigValue {
        shows?(configuration) ?? codec.encode(configuration[keyPath: property])
    }

    func explanation(of text: String) -> String? { codec.explanation?(text) }

    func remark(on text: String) -> String? { codec.remark?(text) }
}
