// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// A user's name, and the file with the password: `--user` and `--password-file`.
///
/// They stand for `sasl.jaas.config`. Where nothing else is said, they mean an encrypted connection, and the mechanism
/// that does not send the password.
struct Credentials: Sendable {
    static let userOption = "--user"
    static let fileOption = "--password-file"

    let user: String
    let file: PasswordFile

    /// Throws when one is there without the other.
    init?(user: String?, file: String?) throws(UsageError) {
        switch (user, file) {
        case (nil, nil): return nil
        case (.some, nil): throw UsageError("\(Self.userOption) needs \(Self.fileOption) FILE")
        case (nil, .some): throw UsageError("\(Self.fileOption) needs \(Self.userOption) NAME")
        case (let user?, let file?):
            guard !user.isEmpty else { throw UsageError("\(Self.userOption) takes the name of a user") }
            guard !file.isEmpty else { throw UsageError("\(Self.fileOption) takes the name of a file") }
            self.user = user
            self.file = PasswordFile(path: file)
        }
    }

    /// What is the weakest of all: how to connect and log in where nothing is set.
    var defaults: PropertySource {
        PropertySource(
            name: Self.userOption,
            entries: [
                PropertySource.Entry(key: "security.protocol", value: SecurityProtocol.saslSSL.rawValue),
                PropertySource.Entry(key: "sasl.mechanism", value: "SCRAM-SHA-512"),
            ]
        )
    }

    /// The login.
    func login(_ environment: some ConfigurationEnvironment) throws(ConfigurationError) -> PropertySource {
        let text = SASLConfiguration.loginText(username: user, password: try file.password(environment))
        return PropertySource(
            name: Self.userOption,
            entries: [PropertySource.Entry(key: "sasl.jaas.config", value: text)]
        )
    }

    /// Throws when the connections have no login.
    func check(_ configuration: ProducerConfiguration) throws(ConfigurationError) {
        let security = configuration.securityProtocol
        guard !security.usesSASL else { return }
        let wanted: SecurityProtocol = security.usesTLS ? .saslSSL : .saslPlaintext
        let key = "security.protocol"
        throw ConfigurationError(
            message:
                "\(key) is \(security.rawValue), and \(Self.userOption) is for a login: set \(key)=\(wanted.rawValue), or "
                + "leave \(Self.userOption) out",
            key: key,
            value: security.rawValue,
            origin: configuration.origin(of: key)
        )
    }
}
