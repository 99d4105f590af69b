// SPDX-License-Identifier: Apache-2.0

/// What merging found out about each setting: where it was written, and the text that the Java client would show for it.
///
/// That text holds as long as the property is what merging made of it. It can say more than the property: the level of a
/// codec that is not used, or a first wait that is above the longest one.
struct MergedValues: Sendable {
    private struct Row {
        let shown: EffectiveValue
        let property: ConfigValue?
    }

    private var rows: [String: Row] = [:]

    /// Nothing was merged: the configuration is made in code.
    init() {}

    init(_ settings: MergedSettings, _ values: ParsedSettings, in configuration: ProducerConfiguration) {
        for key in ProducerConfigKey.all {
            let text = values.shownText(key.name)
            let shown = EffectiveValue(key: key.name, text: text, origin: settings[key.name]?.origin)
            rows[key.name] = Row(shown: shown, property: key.property?.value(in: configuration))
        }
    }

    /// A setting as it holds in a configuration: as it was merged, or what code has made of it since.
    func effectiveValue(of key: ProducerConfigKey, in configuration: ProducerConfiguration) -> EffectiveValue {
        let property = key.property?.value(in: configuration)
        if let row = rows[key.name], row.property == property { return row.shown }
        return EffectiveValue(key: key.name, text: property?.text ?? key.defaultText, origin: nil)
    }
}
