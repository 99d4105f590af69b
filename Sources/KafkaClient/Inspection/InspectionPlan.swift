// SPDX-License-Identifier: Apache-2.0

/// What is to be inspected, and how long each step may take.
package struct InspectionPlan: Sendable {
    /// Connections as the client would make them.
    package var client: ClientSettings
    /// The topic to ask about; nil for none.
    package var topic: String?
    /// How long each layer of a broker may take.
    package var limit: Duration
    /// Whether the canonical names behind the bootstrap servers are inspected in their place. Kafka's
    /// `client.dns.lookup=resolve_canonical_bootstrap_servers_only`.
    package var expandsBootstrap = false

    package init(client: ClientSettings, topic: String?, limit: Duration) {
        (self.client, self.topic, self.limit) = (client, topic, limit)
    }

    /// The settings for one address: one attempt, which may take as long as a layer.
    func settings(for address: BrokerAddress) -> ClientSettings {
        var settings = client
        settings.bootstrap = [address]
        settings.setupTimeout = limit
        settings.setupTimeoutMax = limit
        settings.requestTimeout = limit
        settings.hedgeDelay = .seconds(86_400)
        settings.maximumIdle = nil
        settings.security.login = client.security.login.map(LentLogin.init)
        return settings
    }
}

/// A login that several inspections use: none of them ends it.
private struct LentLogin: ClientLogin {
    let login: any ClientLogin

    init(_ login: any ClientLogin) { self.login = login }

    var mechanism: SASLMechanismName { login.mechanism }
    var user: String? { login.user }

    func prepare() async throws(LoginError) { try await login.prepare() }

    func begin(host: String) async throws(LoginError) -> any SASLMechanism { try await login.begin(host: host) }
}
