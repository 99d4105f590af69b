// SPDX-License-Identifier: Apache-2.0

/// One of Kafka's own config providers, with its parameters.
enum ConfigProvider {
    /// Environment variables whose names are allowed.
    case environment(AllowedNames)
    /// The entries of properties files that are allowed.
    case file(AllowedPaths)
    /// The files of directories that are allowed, each a value.
    case directory(AllowedPaths)

    private static let package = "org.apache.kafka.common.config.provider"

    /// Sets up a provider by its class name and its `param.` settings.
    init(
        named name: String,
        class className: MergedSettings.Setting,
        settings: MergedSettings,
        in environment: some ConfigurationEnvironment
    ) throws(ConfigurationError) {
        let parameters = "config.providers.\(name).param."
        switch className.text.trimmedAsJava {
        case "\(Self.package).EnvVarConfigProvider":
            self = .environment(try AllowedNames(key: parameters + "allowlist.pattern", settings: settings))
        case "\(Self.package).FileConfigProvider":
            self = .file(try AllowedPaths(key: parameters + "allowed.paths", settings: settings, in: environment))
        case "\(Self.package).DirectoryConfigProvider":
            self = .directory(try AllowedPaths(key: parameters + "allowed.paths", settings: settings, in: environment))
        default:
            throw ConfigurationError(
                key: "config.providers.\(name).class",
                value: className.text,
                rule: "Could not load config provider class or one of its dependencies",
                origin: className.origin
            )
        }
    }
}

/// Why a provider gives no value, in the Java client's words.
struct ConfigProviderError: Error {
    var message: String
}
