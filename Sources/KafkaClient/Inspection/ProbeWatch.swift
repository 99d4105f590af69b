// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// Sees how the one connection of a probe is set up, on the probe's event loop.
final class ProbeWatch: ConnectionsObserver {
    /// How the setup ended.
    enum End: Sendable {
        case ready
        /// What is certain about the peer, if anything, and the reason in words.
        case failed(ListenerMismatch?, String)
    }

    private var onEnd: ((End) -> Void)?
    private var reason: String?
    private var mismatch: ListenerMismatch?
    private var began = NIODeadline.uptimeNanoseconds(0)
    private var openedAt: NIODeadline?
    private var securedAt: NIODeadline?
    private var versionsAt: NIODeadline?
    private var readyAt: NIODeadline?
    private var tls: TLSFacts?
    private var versions: ApiVersionsResponse?
    private var sessionLifetimeMs: Int64?

    /// An attempt begins; `onEnd` is called once.
    func begin(now: NIODeadline, _ onEnd: @escaping (End) -> Void) {
        began = now
        self.onEnd = onEnd
    }

    func connectionsReached(_ step: SetupStep) {
        let now = NIODeadline.now()
        switch step {
        case .opened: openedAt = openedAt ?? now
        case .handshake(let handshake, let version):
            tls = handshake.facts(version: version)
            if handshake.isCompleted { securedAt = securedAt ?? now }
        case .versions(let response):
            versions = response
            versionsAt = now
        case .loggedIn(let lifetime): sessionLifetimeMs = lifetime
        }
    }

    func connectionsDid(_ event: ClientEvent) {
        switch event {
        case .connected:
            readyAt = NIODeadline.now()
            end(.ready)
        case .unreachable(_, let reason, _), .disconnected(_, let reason): self.reason = reason
        case .listenerMismatch(_, let mismatch): self.mismatch = mismatch
        case .throttled, .rebootstrapping, .topicUnavailable, .loginRefreshFailed, .loginRefreshed: break
        }
    }

    func connectionsLostOne() { end(.failed(mismatch, reason ?? "the connection failed")) }
    func connectionsHaveNews() {}
    func connectionsHaveAnswers() {}
    func connectionsHaveRoom() {}

    private func end(_ end: End) {
        guard let onEnd = onEnd.take() else { return }
        onEnd(end)
    }

    /// Adds what was seen.
    func note(in facts: inout BrokerFacts, _ security: ClientSecurity) {
        facts.tls = tls
        facts.versions = versions
        if let openedAt, let securedAt { facts.tlsMilliseconds = (securedAt - openedAt).inMilliseconds }
        if let from = securedAt ?? openedAt, let versionsAt {
            facts.versionsMilliseconds = (versionsAt - from).inMilliseconds
        }
        if let login = security.login, let versionsAt, let readyAt {
            facts.login = BrokerFacts.Login(
                mechanism: login.mechanism.rawValue,
                user: login.user,
                sessionLifetimeMs: sessionLifetimeMs ?? 0,
                milliseconds: (readyAt - versionsAt).inMilliseconds
            )
        }
    }

    /// The layer at which a setup failed.
    func layer(of mismatch: ListenerMismatch?, _ security: ClientSecurity) -> Finding.Layer {
        switch mismatch {
        case .tls: return .tls
        case .login: return .sasl
        case .security(let failure):
            switch failure.kind {
            case .certificate, .clientCertificate, .nothingInCommon, .noTLS, .handshake: return .tls
            case .mechanism, .noLogin, .login, .credentials: return .sasl
            }
        case .http, .controller, .noMetadata: return .versions
        case nil: break
        }
        if openedAt == nil { return .tcp }
        if security.tls != nil, securedAt == nil { return .tls }
        return versions == nil ? .versions : .sasl
    }
}
