// SPDX-License-Identifier: Apache-2.0

extension ProducerConfiguration {
    /// Builds a configuration from settings files and options by the rules of the Java client.
    ///
    /// Of one key the later source wins, and within a source the later entry. Variables of `config.providers` are
    /// filled in first; then every setting is read and checked in the Java client's order, then against the others.
    /// A configuration that needs TLS, SASL or transactions can be built; `validateSupport()` refuses to start with it.
    ///
    /// - Parameters:
    ///   - sources: where settings come from, the weakest first: a file, then options.
    ///   - environment: variables and files for `config.providers`.
    /// - Throws: `ConfigurationError` for the first setting that is wrong, with the Java client's message.
    public init(
        merging sources: [PropertySource],
        environment: some ConfigurationEnvironment = ProcessEnvironment()
    ) throws(ConfigurationError) {
        var settings = MergedSettings(sources)
        var providers = try ConfigProviders(settings, environment: environment)
        try providers.resolve(&settings)
        var notices = providers.notices + ConfigurationAdvice.notices(on: settings)
        var rules = try ConfigurationRules(settings)
        try rules.apply()
        notices += rules.notices
        self = try ConfigurationAssembly(settings: settings, values: rules.values).configuration()
        self.notices = notices
    }
}
