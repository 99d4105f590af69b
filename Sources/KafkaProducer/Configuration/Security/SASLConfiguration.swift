// SPDX-License-Identifier: Apache-2.0
import KafkaClient

/// How one logs in: Kafka's `sasl.*`. It has an effect with `security.protocol` SASL_PLAINTEXT and SASL_SSL.
///
///     configuration.securityProtocol = .saslSSL
///     configuration.sasl = .scramSHA512(username: "alice", password: "secret")
public struct SASLConfiguration: Sendable, Hashable {
    /// `PLAIN`, `SCRAM-SHA-256`, `SCRAM-SHA-512`, `OAUTHBEARER`, `AWS_MSK_IAM` or `GSSAPI`. Kafka's `sasl.mechanism`.
    public var mechanism = "GSSAPI"
    /// The login module and its options, such as the user's name and password, in the grammar of JAAS.
    /// Kafka's `sasl.jaas.config`.
    public var jaasConfig: Password?
    /// Nothing, or the name of Kafka's own Java class; another one is refused. Kafka's `sasl.login.class`.
    public var loginClass: String?
    /// Where a login gets its token from, by the name of Kafka's Java class. Kafka's `sasl.login.callback.handler.class`.
    public var loginCallbackHandlerClass: String?
    /// Nothing, or the name of Kafka's own Java class; another one is refused. Kafka's `sasl.client.callback.handler.class`.
    public var clientCallbackHandlerClass: String?
    /// How tokens are fetched and renewed. Kafka's `sasl.login.*`.
    public var login = LoginConfiguration()
    /// OAuth. Kafka's `sasl.oauthbearer.*`.
    public var oauth = OAuthConfiguration()
    /// Kerberos. Kafka's `sasl.kerberos.*`.
    public var kerberos = KerberosConfiguration()

    /// The defaults, with which nobody can log in.
    public init() {}

    /// A name and a password as they are: only for encrypted connections.
    ///
    /// - Parameters:
    ///   - username: the user's name.
    ///   - password: the user's password.
    /// - Returns: the login.
    public static func plain(username: String, password: Password) -> SASLConfiguration {
        SASLConfiguration(.plain, .plain, [("username", Secret(username)), ("password", password.secret)])
    }

    /// A name and the proof of a password, by SCRAM-SHA-256.
    ///
    /// - Parameters:
    ///   - username: the user's name.
    ///   - password: the user's password.
    /// - Returns: the login.
    public static func scramSHA256(username: String, password: Password) -> SASLConfiguration {
        SASLConfiguration(.scramSHA256, .scram, [("username", Secret(username)), ("password", password.secret)])
    }

    /// A name and the proof of a password, by SCRAM-SHA-512.
    ///
    /// - Parameters:
    ///   - username: the user's name.
    ///   - password: the user's password.
    /// - Returns: the login.
    public static func scramSHA512(username: String, password: Password) -> SASLConfiguration {
        SASLConfiguration(.scramSHA512, .scram, [("username", Secret(username)), ("password", password.secret)])
    }

    /// The value of `sasl.jaas.config` for a user's name and password, for PLAIN and SCRAM, whatever is in them.
    ///
    /// - Parameters:
    ///   - username: the user's name.
    ///   - password: the user's password.
    /// - Returns: a text with the password in it.
    package static func loginText(username: String, password: String) -> String {
        JAASText.entry(.scram, [("username", Secret(username)), ("password", Secret(password))])
    }

    private init(_ mechanism: SASLMechanismName, _ module: LoginModule, _ options: [(name: String, value: Secret)]) {
        self.mechanism = mechanism.rawValue
        jaasConfig = Password(JAASText.entry(module, options))
    }
}
