// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import Synchronization

/// TLS and login as settings ask for them, made ready once: the stores are read, and the login knows its credentials.
///
/// Whoever holds the last reference ends what the login does in the background.
final class PreparedSecurity: Sendable {
    /// What connections are secured by.
    let client: ClientSecurity
    /// What the user should know of it.
    let notices: [ConfigurationNotice]
    private let securityProtocol: SecurityProtocol
    private let tls: TLSConfiguration
    private let sasl: SASLConfiguration
    private let isLoginPrepared = Atomic(false)

    /// Makes what a configuration asks for.
    ///
    /// Blocks while it reads files.
    ///
    /// - Throws: `ConfigurationError` for what is wrong with the login, and with TLS; in the Java client's order.
    init(_ configuration: ProducerConfiguration) throws(ConfigurationError) {
        (securityProtocol, tls, sasl) = (configuration.securityProtocol, configuration.tls, configuration.sasl)
        var client = ClientSecurity()
        var notices: [ConfigurationNotice] = []
        var faults: [ConfigurationError] = []
        if securityProtocol.usesSASL {
            do throws(ConfigurationError) {
                let made = try LoginPlan(configuration).make()
                client.login = made.login
                notices += made.notices
            } catch {
                faults.append(error)
            }
        }
        if securityProtocol.usesTLS {
            do throws(ConfigurationError) {
                let plan = TLSPlan(configuration)
                let context = try plan.context()
                client.tls = context
                notices += plan.notices(of: context)
            } catch {
                faults.append(error)
            }
        }
        if let error = ConfigurationError(faults) { throw error }
        self.client = client
        self.notices = notices
    }

    deinit { client.login?.close() }

    /// The login, if nobody has prepared it yet.
    var loginToPrepare: (any ClientLogin)? {
        isLoginPrepared.load(ordering: .relaxed) ? nil : client.login
    }

    /// Gets what the login needs before anything is sent.
    func prepareLogin() async throws(LoginError) {
        guard let loginToPrepare else { return }
        try await loginToPrepare.prepare()
        isLoginPrepared.store(true, ordering: .relaxed)
    }

    /// Whether it is what a configuration asks for, which code may have changed since.
    func fits(_ configuration: ProducerConfiguration) -> Bool {
        securityProtocol == configuration.securityProtocol && tls == configuration.tls && sasl == configuration.sasl
    }
}
