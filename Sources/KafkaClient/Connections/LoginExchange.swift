// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// A login on a connection, step by step: which request follows which answer (KIP-43, KIP-152, KIP-368).
///
/// A value without I/O. The mechanism itself works elsewhere; its tokens pass through here and are not looked at.
struct LoginExchange {
    /// What is under way.
    private enum Step {
        /// The broker was asked for the mechanism.
        case choosing
        /// The mechanism works on its next token.
        case thinking
        /// A token was sent.
        case saying
    }

    enum Action: Equatable {
        /// Ask for this mechanism, in this version of SaslHandshake.
        case sendHandshake(SASLMechanismName, version: Int16)
        /// Let the mechanism begin.
        case begin
        /// Let the mechanism answer this token.
        case respond([UInt8])
        /// Send a token in this version of SaslAuthenticate; with nil, as a frame without a header.
        case sendToken(Secret, version: Int16?)
        /// The client is logged in. With 0 the login holds for ever.
        case done(sessionLifetimeMs: Int64)
        /// The broker cannot be logged in to.
        case fail(SecurityFailure)
    }

    private let mechanism: SASLMechanismName
    private let user: String?
    private let handshakeVersion: Int16
    /// Nil when tokens are frames without a header.
    private let authenticateVersion: Int16?
    private var step = Step.choosing
    private var sessionLifetimeMs: Int64 = 0

    /// A login with a broker that speaks these versions; nil when it has none of SaslHandshake.
    init?(mechanism: SASLMechanismName, user: String?, versions: NegotiatedVersions) {
        guard let handshake = versions.version(of: SaslHandshakeRequest.self) else { return nil }
        self.mechanism = mechanism
        self.user = user
        let authenticate = handshake > 0 ? versions.version(of: SaslAuthenticateRequest.self) : nil
        authenticateVersion = authenticate
        handshakeVersion = authenticate == nil ? 0 : handshake
    }

    /// What to do first.
    var firstAction: Action { .sendHandshake(mechanism, version: handshakeVersion) }

    /// A question that the broker's next response answers.
    enum Question: Equatable {
        /// SaslHandshake in this version.
        case handshake(Int16)
        /// SaslAuthenticate in this version.
        case authenticate(Int16)
    }

    /// What was asked; nil while the mechanism works, and when a token without a header is to come.
    var question: Question? {
        switch step {
        case .choosing: .handshake(handshakeVersion)
        case .thinking: nil
        case .saying: authenticateVersion.map { .authenticate($0) }
        }
    }

    /// Whether the next frame of the broker is a token without a header.
    var awaitsBareToken: Bool {
        guard authenticateVersion == nil, case .saying = step else { return false }
        return true
    }

    /// The broker answered SaslHandshake.
    mutating func handshakeAnswered(_ response: SaslHandshakeResponse) -> Action {
        guard case .choosing = step else { return unexpected }
        switch response.errorCode {
        case .none:
            step = .thinking
            return .begin
        case .unsupportedSASLMechanism:
            let offered = response.mechanisms.isEmpty ? "none" : response.mechanisms.joined(separator: ", ")
            return .fail(
                SecurityFailure(
                    .mechanism,
                    "does not offer \(mechanism.rawValue); it offers \(ForeignText.shown(offered)): set sasl.mechanism"
                )
            )
        case .illegalSASLState:
            return .fail(.noLogin)
        default:
            return .fail(SecurityFailure(.login, "answered SaslHandshake with \(response.errorCode.name)"))
        }
    }

    /// The mechanism has its next token.
    mutating func tokenMade(_ token: Secret) -> Action {
        guard case .thinking = step else { return unexpected }
        step = .saying
        return .sendToken(token, version: authenticateVersion)
    }

    /// The mechanism has no more to say.
    mutating func mechanismEnded() -> Action {
        guard case .thinking = step else { return unexpected }
        return .done(sessionLifetimeMs: sessionLifetimeMs)
    }

    /// The broker answered SaslAuthenticate.
    mutating func authenticateAnswered(_ response: SaslAuthenticateResponse) -> Action {
        guard case .saying = step else { return unexpected }
        guard response.errorCode == .none else {
            let text = response.errorMessage ?? response.errorCode.name
            return .fail(
                SecurityFailure(.login, "refused the login\(words): \(ForeignText.shown(text)); \(mechanism.advice)")
            )
        }
        sessionLifetimeMs = response.sessionLifetimeMs
        step = .thinking
        return .respond(Array(response.authBytes.readableBytesView))
    }

    /// The broker sent a token without a header.
    mutating func bareTokenReceived(_ token: [UInt8]) -> Action {
        guard case .saying = step else { return unexpected }
        step = .thinking
        return .respond(token)
    }

    /// The client cannot or will not go on with the login.
    func refused(_ reason: String) -> SecurityFailure {
        let login = user.map { "as \(ForeignText.shown($0)) (\(mechanism.rawValue))" } ?? "(\(mechanism.rawValue))"
        return SecurityFailure(.login, "cannot be logged in to \(login): \(reason)")
    }

    /// Who logs in and how, to follow "the login": ` of alice (PLAIN)`.
    var words: String { (user.map { " of \(ForeignText.shown($0))" } ?? "") + " (\(mechanism.rawValue))" }

    private var unexpected: Action {
        .fail(refused("the broker goes on with it at a point where it may not"))
    }
}
