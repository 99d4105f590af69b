// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

extension PropertySource {
    /// Creates a source from an argument of the form `key=value`.
    init(setting argument: String, of option: String) throws(UsageError) {
        let parts = try KeyValueArgument(argument, of: option)
        self.init(name: option, key: parts.key, value: parts.value)
    }
}

extension [PropertySource] {
    /// What the options `-b` and `-z` set.
    static func shared(bootstrapServers: String?, compression: String?, _ names: TypedNames) -> [PropertySource] {
        let settings = [("-b", "bootstrap.servers", bootstrapServers), ("-z", "compression.type", compression)]
        return settings.compactMap { option, key, value in
            value.map { PropertySource(name: names.name(of: option), key: key, value: $0) }
        }
    }
}
