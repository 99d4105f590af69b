// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// All places that settings come from, the weakest first: preset, file, `-X`, options.
struct SettingsPlan: Sendable {
    /// The file that is read without being asked for.
    static let defaultFile = "producer.config"

    /// The file that was asked for.
    var file: String?
    /// From `-X` and from options, the weakest first.
    var sources: [PropertySource]
    /// Below the file: presets.
    var defaults: [PropertySource] = []
    /// Who logs in, if options say so.
    var credentials: Credentials?

    /// Reads the file, if there is one, and puts it below the options and above the presets. `isDefaultFile` says that the user did not name it.
    func load(
        _ environment: some ConfigurationEnvironment = ProcessEnvironment()
    ) throws(ConfigurationError) -> (sources: [PropertySource], isDefaultFile: Bool) {
        let defaults = defaults + (credentials.map { [$0.defaults] } ?? [])
        let sources =
            try sources
            + (credentials.map { credentials throws(ConfigurationError) in
                [try credentials.login(environment)]
            } ?? [])
        guard let path = file ?? (environment.kind(ofPath: Self.defaultFile) == .file ? Self.defaultFile : nil) else {
            return (defaults + sources, false)
        }
        let contents = try PropertySource(contentsOfFile: path, environment: environment)
        return (defaults + [contents] + sources, file == nil)
    }

    /// Reads the settings, says what is worth knowing about them, and checks them; makes TLS and the login ready.
    ///
    /// - Throws: `ConfigurationError` for what is wrong with the settings, and `LoginError` when no login could succeed.
    func configuration(_ console: Console) async throws -> ProducerConfiguration {
        let (sources, isDefaultFile) = try load()
        if isDefaultFile { console.notice("settings from ./\(Self.defaultFile)") }
        if let file = credentials?.file.path, ProcessEnvironment().isReadableByOthers(file) {
            console.warning("\(Credentials.fileOption) \(file): others can read this file: chmod 600 \(file)")
        }
        let configuration = try prepared(sources)
        for notice in configuration.notices { console.report(notice) }
        for line in Self.overrides(in: sources) { console.detail(line) }
        for value in configuration.effectiveValues {
            if let origin = value.origin { console.detail("\(value) (\(origin))") }
        }
        try await configuration.prepareLogin()
        return configuration
    }

    /// Throws what is wrong with the settings, and says nothing else.
    func check() throws(ConfigurationError) {
        _ = try prepared(try load().sources)
    }

    /// Throws what is wrong with the settings for the broker that `--embedded` starts, and says nothing else.
    func checkForEmbeddedBroker() throws(ConfigurationError) {
        let sources = try load().sources
        let configuration = try ProducerConfiguration(merging: sources)
        guard configuration.securityProtocol == .plaintext else {
            let key = "security.protocol"
            throw ConfigurationError(
                message: "--embedded starts a broker in plain text without logins, and \(key) is "
                    + "\(configuration.securityProtocol.rawValue): leave that out, or start a secured broker with "
                    + "kafka-producer broker --dev-security DIRECTORY",
                key: key,
                value: configuration.securityProtocol.rawValue,
                origin: configuration.origin(of: key)
            )
        }
        _ = try prepared(sources)
    }

    /// Reads and checks the settings, and makes TLS ready, without a word to the console.
    ///
    /// - Throws: `ConfigurationError` for what is wrong with the settings.
    func inspected() throws(ConfigurationError) -> InspectedSettings {
        let (sources, isDefaultFile) = try load()
        let path = file ?? (isDefaultFile ? Self.defaultFile : nil)
        return InspectedSettings(
            configuration: try prepared(sources),
            file: path,
            overrides: Self.overrides(in: sources),
            openPasswordFile: credentials.map(\.file.path).flatMap {
                ProcessEnvironment().isReadableByOthers($0) ? $0 : nil
            }
        )
    }

    /// The same settings with a cluster where none is named, for what connects to none.
    ///
    /// - Throws: `ConfigurationError` when the file cannot be read.
    /// - Returns: The settings, and whether a cluster is named.
    func withPlaceholder() throws(ConfigurationError) -> (plan: SettingsPlan, isNamed: Bool) {
        let key = "bootstrap.servers"
        let isNamed = try load().sources.contains { $0.entries.contains { $0.key == key } }
        guard !isNamed else { return (self, true) }
        var plan = self
        plan.defaults.insert(PropertySource(name: "", key: key, value: "localhost:9092"), at: 0)
        return (plan, false)
    }

    private func prepared(_ sources: [PropertySource]) throws(ConfigurationError) -> ProducerConfiguration {
        var configuration = try ProducerConfiguration(merging: sources)
        let notices = configuration.notices
        do throws(ConfigurationError) {
            try credentials?.check(configuration)
            try configuration.prepareSecurity()
        } catch {
            var error = error
            error.notices = notices + error.notices
            throw error
        }
        return configuration
    }

    /// One line for each setting that several sources give: which one holds.
    static func overrides(in sources: [PropertySource]) -> [String] {
        var origins: [String: [PropertyOrigin]] = [:]
        var keys: [String] = []
        for source in sources {
            for entry in source.entries {
                if origins[entry.key] == nil { keys.append(entry.key) }
                origins[entry.key, default: []].append(PropertyOrigin(source: source.name, line: entry.line))
            }
        }
        return keys.compactMap { key in
            guard let all = origins[key], all.count > 1, let winner = all.last else { return nil }
            let losers = all.dropLast().map(\.description).joined(separator: ", ")
            return "\(key) is taken from \(winner), not from \(losers)"
        }
    }
}

extension Console {
    /// Says what is worth knowing about a setting.
    func report(_ notice: ConfigurationNotice) {
        switch notice.severity {
        case .warning: warning("\(notice)")
        case .information: self.notice("\(notice)")
        }
    }
}
