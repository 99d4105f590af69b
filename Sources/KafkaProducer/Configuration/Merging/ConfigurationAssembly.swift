// SPDX-License-Identifier: Apache-2.0

/// Puts checked values into the properties of a configuration, as the rows say.
struct ConfigurationAssembly {
    let settings: MergedSettings
    let values: ParsedSettings

    func configuration() throws(ConfigurationError) -> ProducerConfiguration {
        var result = ProducerConfiguration(bootstrapServers: [])
        var faults: [ConfigurationError] = []
        for key in ProducerConfigKey.rows {
            do throws(ConfigurationError) {
                try key.assign(values[key.name], origin: settings[key.name]?.origin, to: &result)
            } catch {
                faults.append(error)
            }
        }
        for (property, key) in [(\ProducerConfiguration.keySerializer, "key"), (\.valueSerializer, "value")] {
            do throws(ConfigurationError) {
                result[keyPath: property] = try encoded(result[keyPath: property], key + ".serializer.encoding")
            } catch {
                faults.append(error)
            }
        }
        if let error = ConfigurationError(faults) { throw error }
        result.merged = MergedValues(settings, values, in: result)
        return result
    }

    /// A serializer in the charset that its Java class reads from settings of its own.
    private func encoded(_ serializer: Serializer, _ ownKey: String) throws(ConfigurationError) -> Serializer {
        let key = settings.contains(ownKey) ? ownKey : "serializer.encoding"
        guard let setting = settings[key], serializer.hasEncoding else { return serializer }
        guard let encoding = TextEncoding(named: setting.text.trimmedAsJava) else {
            let known = TextEncoding.allCases.map(\.rawValue).joined(separator: ", ")
            let rule = "Unsupported encoding; known are \(known)"
            throw ConfigurationError(key: key, value: setting.text, rule: rule, origin: setting.origin)
        }
        return serializer.with(encoding)
    }
}
