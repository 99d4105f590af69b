// SPDX-License-Identifier: Apache-2.0
#if Configuration
    public import Configuration

    extension ProducerConfiguration {
        /// Builds a configuration from what a reader of swift-configuration finds under the Java producer's names, by the rules
        /// for settings files.
        ///
        ///     let reader = ConfigReader(provider: EnvironmentVariablesProvider())
        ///     // KAFKA_BOOTSTRAP_SERVERS, KAFKA_LINGER_MS, …
        ///     let configuration = try ProducerConfiguration(reading: reader.scoped(to: "kafka"))
        ///
        /// Passwords, keys and JAAS settings are read as secrets. A number or a truth value may stand where the reader has
        /// one. Only names that the Java producer has are asked for.
        ///
        /// - Parameter reader: where settings come from, scoped to the producer's.
        /// - Throws: `ConfigurationError` as for a settings file.
        public init(reading reader: ConfigReader) throws(ConfigurationError) {
            let entries = ProducerConfigKey.all.compactMap { key in
                Self.value(of: key, reader).map { PropertySource.Entry(key: key.name, value: $0) }
            }
            try self.init(merging: [PropertySource(name: "configuration", entries: entries)])
        }

        private static func value(of key: ProducerConfigKey, _ reader: ConfigReader) -> String? {
            let name = ConfigKey(key.name)
            let isSecret = key.type == .password
            return reader.string(forKey: name, isSecret: isSecret)
                ?? reader.int(forKey: name, isSecret: isSecret).map(String.init)
                ?? reader.double(forKey: name, isSecret: isSecret).map { "\($0)" }
                ?? reader.bool(forKey: name, isSecret: isSecret).map(String.init)
        }
    }
#endif
