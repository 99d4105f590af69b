// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// What happens on an open connection until it takes requests. TCP being open is not being ready.
///
/// First comes the TLS handshake, then the question for versions (KIP-511), then the login. One question is under way at a
/// time: each has the correlation id after that of the one before.
struct ConnectionSetup {
    /// What is to be done.
    struct Plan {
        /// Whether TLS comes first.
        var secures = false
        /// How to log in; nil for not at all.
        var login: Login?
        /// The version of ApiVersions to begin with.
        var latestVersion: Int16 = ApiVersionsRequest.validVersions.upperBound

        struct Login {
            let mechanism: SASLMechanismName
            /// For messages.
            let user: String?
        }
    }

    /// What is under way.
    private enum Step {
        /// The TLS handshake.
        case securing
        /// The broker was asked for its versions, in this version of the request.
        case versions(Int16)
        /// The client logs in.
        case login(LoginExchange)
    }

    /// Attempts before this one that failed.
    let failures: Int
    /// When all of the setup must be over.
    let deadline: NIODeadline
    private let plan: Plan
    private var step: Step
    private var correlationID: Int32 = 0
    /// What client and broker both speak, once the broker has said so.
    private(set) var versions = NegotiatedVersions()
    /// When the login began.
    private(set) var loginBegan = NIODeadline.uptimeNanoseconds(0)

    enum Action: Equatable {
        /// Wait for the TLS handshake.
        case secure
        /// Ask for the broker's versions in this version of the request.
        case sendAPIVersions(version: Int16, correlationID: Int32)
        /// Go on with the login; what is sent has this correlation id.
        case login(LoginExchange.Action, correlationID: Int32)
        /// Requests may be sent, beginning with this correlation id. A login holds so long, with 0 for ever; nil without one.
        case becomeReady(firstCorrelationID: Int32, sessionLifetimeMs: Int64?)
        /// The broker cannot be used.
        case close(reason: String)
        /// The broker cannot be used with these settings.
        case refuse(SecurityFailure)
    }

    /// The TCP connection is there.
    init(failures: Int, deadline: NIODeadline, plan: Plan) {
        self.failures = failures
        self.deadline = deadline
        self.plan = plan
        step = plan.secures ? .securing : .versions(plan.latestVersion)
    }

    /// What to do first.
    var firstAction: Action {
        switch step {
        case .securing: .secure
        case .versions(let version): .sendAPIVersions(version: version, correlationID: correlationID)
        case .login: .close(reason: "a login came first")
        }
    }

    /// Whether the TLS handshake is under way.
    var isSecuring: Bool {
        if case .securing = step { true } else { false }
    }

    /// The login that is under way, if one is.
    var login: LoginExchange? {
        guard case .login(let exchange) = step else { return nil }
        return exchange
    }

    /// What has not come.
    var lack: SetupLack {
        switch step {
        case .securing: .tls
        case .versions: .versions(isSecured: plan.secures)
        case .login: .login
        }
    }

    /// The TLS handshake is over: the question for versions follows.
    mutating func secured() -> Action {
        guard isSecuring else { return .close(reason: "a second TLS handshake") }
        step = .versions(plan.latestVersion)
        return .sendAPIVersions(version: plan.latestVersion, correlationID: correlationID)
    }

    /// A question that the next response answers.
    enum Question: Equatable {
        /// Asked in this version of ApiVersions.
        case versions(Int16)
        /// Asked for the mechanism, or sent a token.
        case login(LoginExchange.Question)
    }

    /// What the response with this correlation id answers; nil when nothing was asked.
    func question(correlationID: Int32) -> Question? {
        guard correlationID == self.correlationID else { return nil }
        switch step {
        case .securing: return nil
        case .versions(let version): return .versions(version)
        case .login(let exchange): return exchange.question.map { .login($0) }
        }
    }

    /// Whether the next frame of the broker is a token without a header.
    var awaitsBareToken: Bool {
        guard case .login(let exchange) = step else { return false }
        return exchange.awaitsBareToken
    }

    /// The broker answered which versions it speaks, or that the version of the question is too new: then it is asked
    /// again in the newest one that it names, or else in version 0 (KIP-511).
    mutating func versionsReceived(_ response: ApiVersionsResponse, now: NIODeadline) -> Action {
        guard case .versions(let asked) = step else {
            return .close(reason: "an ApiVersions response came out of order")
        }
        let error = response.errorCode
        if error == .none {
            versions = NegotiatedVersions(response)
            return beginLogin(now: now)
        }
        guard error == .unsupportedVersion, asked > 0 else {
            return .close(reason: "it answered ApiVersions with \(error.name)")
        }
        let newest = response.apiKeys.first { $0.apiKey == .apiVersions }?.maxVersion ?? 0
        // Each question is in an older version than the one before, so that this ends.
        let version = max(0, min(newest, asked - 1))
        step = .versions(version)
        correlationID &+= 1
        return .sendAPIVersions(version: version, correlationID: correlationID)
    }

    private mutating func beginLogin(now: NIODeadline) -> Action {
        guard let login = plan.login else {
            return .becomeReady(firstCorrelationID: correlationID &+ 1, sessionLifetimeMs: nil)
        }
        guard let exchange = LoginExchange(mechanism: login.mechanism, user: login.user, versions: versions) else {
            return .refuse(.noLogin)
        }
        loginBegan = now
        step = .login(exchange)
        correlationID &+= 1
        return .login(exchange.firstAction, correlationID: correlationID)
    }

    /// The login goes on: something came of the broker, or of the mechanism.
    mutating func login(_ event: (inout LoginExchange) -> LoginExchange.Action) -> Action {
        guard case .login(var exchange) = step else { return .close(reason: "a login went on that has not begun") }
        let action = event(&exchange)
        step = .login(exchange)
        switch action {
        case .sendToken(_, version: .some): correlationID &+= 1
        case .done(let lifetime):
            return .becomeReady(firstCorrelationID: correlationID &+ 1, sessionLifetimeMs: lifetime)
        case .fail(let failure): return .refuse(failure)
        case .sendToken, .sendHandshake, .begin, .respond: break
        }
        return .login(action, correlationID: correlationID)
    }
}

extension ConnectionSetup.Plan {
    /// What the settings of a client ask for.
    init(_ security: ClientSecurity) {
        secures = security.tls != nil
        login = security.login.map { Login(mechanism: $0.mechanism, user: $0.user) }
    }
}
