// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

extension PropertySource {
    /// Creates a source from an argument of the form `key=value`.
    init(setting argument: String, of option: String) throws(UsageError) {
        let parts = try KeyValueArgument(argument, of: option)
        self.init(name: option, key: parts.key, value: parts.value)
    }
}
