// SPDX-License-Identifier: Apache-2.0
import KafkaClient

/// What the `sasl.*` settings come to.
struct LoginPlan {
    /// What the Java client says of an empty mechanism.
    static let mechanismRule =
        "When the security.protocol configuration enables SASL, mechanism must be non-null and non-empty string."
    private static let jaasKey = "sasl.jaas.config"
    private static let mechanismKey = "sasl.mechanism"

    private let configuration: ProducerConfiguration
    private var sasl: SASLConfiguration { configuration.sasl }

    init(_ configuration: ProducerConfiguration) {
        self.configuration = configuration
    }

    /// A login, and what the user should know of it.
    struct Made {
        let login: any ClientLogin
        var notices: [ConfigurationNotice]
    }

    /// Makes the login of all connections.
    func make() throws(ConfigurationError) -> Made {
        guard !sasl.mechanism.isEmpty else {
            throw ConfigurationError(
                key: Self.mechanismKey,
                value: nil,
                rule: Self.mechanismRule,
                origin: configuration.origin(of: Self.mechanismKey)
            )
        }
        try LoginClasses(configuration).check()
        let (jaas, module) = try jaas()
        let mechanism = try mechanism()
        guard module.mechanisms.contains(mechanism) else { throw mismatch(module, mechanism) }
        var made = try make(mechanism, jaas, module)
        made.notices = notices(mechanism) + made.notices
        return made
    }

    private func make(
        _ mechanism: SASLMechanismName,
        _ jaas: JAASConfiguration,
        _ module: LoginModule
    ) throws(ConfigurationError) -> Made {
        switch mechanism {
        case .plain:
            let (username, password) = try credentials(jaas, module)
            return Made(
                login: PlainLogin(username: username, password: password),
                notices: noteUnused(jaas, besides: ["username", "password"], mechanism)
            )
        case .scramSHA256, .scramSHA512:
            let (username, password) = try credentials(jaas, module)
            let isToken = jaas.options["tokenauth"]?.text.lowercased() == "true"
            guard
                let login = ScramLogin(mechanism: mechanism, username: username, password: password, isToken: isToken)
            else { throw mismatch(module, mechanism) }
            return Made(
                login: login,
                notices: noteUnused(jaas, besides: ["username", "password", "tokenauth"], mechanism)
            )
        case .oauthBearer: return try OAuthPlan(configuration, jaas).make()
        case .awsMSKIAM:
            return try made { () throws(SecurityRefusal) in
                let login = try MSKIAMLogin(options: jaas.options)
                return (login, login.notes)
            }
        case .gssapi:
            return try made { () throws(SecurityRefusal) in
                let login = try KerberosLogin(
                    options: jaas.options,
                    serviceName: sasl.kerberos.serviceName,
                    renewal: renewal
                )
                return (login, login.notes)
            }
        }
    }

    /// A login that reads the options of its module itself.
    private func made(
        _ make: () throws(SecurityRefusal) -> (login: any ClientLogin, notes: [String])
    ) throws(ConfigurationError) -> Made {
        do throws(SecurityRefusal) {
            let (login, notes) = try make()
            let notices = notes.map { configuration.notice(.noEffect, .information, Self.jaasKey, $0) }
            return Made(login: login, notices: notices)
        } catch {
            throw configuration.loginRefusal(of: error.key ?? Self.jaasKey, error.reason)
        }
    }

    private var renewal: KerberosRenewal {
        var renewal = KerberosRenewal()
        renewal.command = sasl.kerberos.kinitCommand
        renewal.windowFactor = sasl.kerberos.ticketRenewWindowFactor
        renewal.jitter = sasl.kerberos.ticketRenewJitter
        renewal.shortestInterval = sasl.kerberos.minTimeBeforeRelogin
        return renewal
    }

    // MARK: Mechanism

    private func mechanism() throws(ConfigurationError) -> SASLMechanismName {
        let (key, name) = (Self.mechanismKey, sasl.mechanism)
        if let mechanism = SASLMechanismName(rawValue: name) { return mechanism }
        let meant = SASLMechanismName(rawValue: name.uppercased())
        let advice =
            meant.map { "write it in capital letters: \($0.rawValue)" }
            ?? "set one of \(Self.list(SASLMechanismName.allCases))"
        throw configuration.loginRefusal(of: key, "\(key)=\(name) is not supported; \(advice)")
    }

    /// The login module carries no credentials of the mechanism.
    private func mismatch(_ module: LoginModule, _ mechanism: SASLMechanismName) -> ConfigurationError {
        let key = Self.mechanismKey
        guard mechanism != .gssapi || configuration.origin(of: key) != nil else {
            // Nobody chose it.
            return configuration.loginRefusal(
                of: key,
                "\(key) is not set, and its default GSSAPI is not what \(module.shortName) is for; set "
                    + Self.list(module.mechanisms, " or ")
            )
        }
        return configuration.refusal(
            of: Self.jaasKey,
            "\(Self.jaasKey): \(module.shortName) is for \(Self.list(module.mechanisms)), and \(key) is "
                + "\(mechanism.rawValue); use \(LoginModule.names(for: mechanism))"
        )
    }

    private static func list(_ mechanisms: [SASLMechanismName], _ separator: String = ", ") -> String {
        mechanisms.map(\.rawValue).joined(separator: separator)
    }

    // MARK: Credentials

    private func jaas() throws(ConfigurationError) -> (JAASConfiguration, LoginModule) {
        guard let text = sasl.jaasConfig else {
            throw configuration.loginRefusal(
                of: Self.jaasKey,
                "\(Self.jaasKey) is not set, and security.protocol=\(configuration.securityProtocol.rawValue) needs a login: "
                    + "set \(Self.jaasKey) and \(Self.mechanismKey); a JAAS file of -Djava.security.auth.login.config is not "
                    + "read"
            )
        }
        do throws(JAASError) {
            let jaas = try JAASConfiguration(parsing: text.text)
            return (jaas, try jaas.loginModule())
        } catch {
            throw configuration.refusal(of: Self.jaasKey, error.description)
        }
    }

    /// The user's name and password.
    private func credentials(
        _ jaas: JAASConfiguration,
        _ module: LoginModule
    ) throws(ConfigurationError) -> (username: String, password: Secret) {
        let (username, password) = (jaas.options["username"], jaas.options["password"])
        guard let username, let password, !username.isEmpty, !password.isEmpty else {
            throw configuration.refusal(
                of: Self.jaasKey,
                "\(Self.jaasKey): \(module.shortName) needs username and password, and none of them may be empty"
            )
        }
        guard !username.bytes.contains(0), !password.bytes.contains(0) else {
            throw configuration.refusal(
                of: Self.jaasKey,
                "\(Self.jaasKey): username or password has a NUL character, which cannot be sent"
            )
        }
        return (username.text, password)
    }

    // MARK: Notices

    /// What the user should know of a login.
    private func notices(_ mechanism: SASLMechanismName) -> [ConfigurationNotice] {
        var notices: [ConfigurationNotice] = []
        let secret: String? =
            switch mechanism {
            case .plain: "the password"
            case .oauthBearer: "the token"
            case .awsMSKIAM: "a signature that holds for minutes"
            case .scramSHA256, .scramSHA512, .gssapi: nil
            }
        if let secret, configuration.securityProtocol == .saslPlaintext {
            let message =
                "security.protocol=SASL_PLAINTEXT with \(Self.mechanismKey)=\(mechanism.rawValue) sends \(secret) in clear "
                + "text; use SASL_SSL"
            notices.append(configuration.notice(.insecure, .warning, "security.protocol", message))
        }
        return notices
    }

    private func noteUnused(_ jaas: JAASConfiguration, besides known: [String], _ mechanism: SASLMechanismName)
        -> [ConfigurationNotice]
    {
        let unused = jaas.options.filter { !known.contains($0.key) }
        guard !unused.isEmpty else { return [] }
        let note = JAASConfiguration.note(unused: unused, for: mechanism)
        return [configuration.notice(.noEffect, .information, Self.jaasKey, note)]
    }
}

extension LoginModule {
    /// The login modules that carry the credentials of a mechanism.
    static func names(for mechanism: SASLMechanismName) -> String {
        allCases.filter { $0.mechanisms.contains(mechanism) }.map(\.rawValue).joined(separator: " or ")
    }
}
