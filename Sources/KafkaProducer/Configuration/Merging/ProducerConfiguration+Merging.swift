// SPDX-License-Identifier: Apache-2.0

extension ProducerConfiguration {
    /// Builds a configuration from settings files and options by the rules of the Java client.
    ///
    /// Of one key the later source wins, and within a source the later entry. Variables of `config.providers` are
    /// filled in first; then every setting is read and checked in the Java client's order, then against the others.
    /// A configuration that needs transactions can be built; `validateSupport()` refuses to start with it. What is wrong
    /// with stores of keys and with logins is found by ``prepareSecurity()``.
    ///
    /// - Parameters:
    ///   - sources: where settings come from, the weakest first: a file, then options.
    ///   - environment: variables and files for `config.providers`.
    /// - Throws: `ConfigurationError` for the first setting that is wrong, with the Java client's message; with it come
    ///   the others that are wrong, and the notices.
    public init(
        merging sources: [PropertySource],
        environment: some ConfigurationEnvironment = ProcessEnvironment()
    ) throws(ConfigurationError) {
        var settings = MergedSettings(sources)
        let exposed = SecretExposure.notices(on: settings, environment)
        var providers = try ConfigProviders(settings, environment: environment)
        try providers.resolve(&settings)
        var notices = exposed + providers.notices + ConfigurationAdvice.notices(on: settings)
        let unknown = UnknownKeys.faults(in: settings)
        do throws(ConfigurationError) {
            var rules = try ConfigurationRules(settings)
            try rules.apply()
            notices += rules.notices
            self = try ConfigurationAssembly(settings: settings, values: rules.values).configuration()
        } catch {
            throw Self.explained(unknown + [error], settings, notices)
        }
        guard unknown.isEmpty else { throw Self.explained(unknown, settings, notices) }
        self.notices = notices
    }

    /// All faults as one error, each with the sentence that says what to write.
    private static func explained(
        _ faults: [ConfigurationError],
        _ settings: MergedSettings,
        _ notices: [ConfigurationNotice]
    ) -> ConfigurationError {
        let explained = faults.flatMap(\.all).map { fault in
            var fault = fault
            fault.explanation = fault.explanation ?? FaultExplanation.text(for: fault, settings)
            return fault
        }
        // A variable without a value is reported with the fault that comes of it.
        let faulty = Set(explained.compactMap(\.key))
        guard var error = ConfigurationError(explained) else { return faults[0] }
        error.notices = notices.filter { $0.kind != .adjusted || !faulty.contains($0.key) }
        return error
    }
}
