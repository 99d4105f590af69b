// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// What a connection to one broker is about: connecting, being set up, taking requests, backing off.
///
/// A value without I/O: events in, actions out, time as an argument. All of a connection's state is here; the shell around
/// it, `BrokerConnection`, has the channels.
enum ConnectionMachine: ~Copyable {
    /// No connection; the next attempt is not before `retryAt`.
    case disconnected(failures: Int, retryAt: NIODeadline)
    /// A TCP connection is being made.
    case connecting(failures: Int, deadline: NIODeadline)
    /// The TCP connection is open and does not take requests yet.
    case settingUp(ConnectionSetup)
    /// Requests may be sent.
    case ready(Ready)

    /// Not copied: it is looked at with every request, and holds much that would have to be counted.
    struct Ready: ~Copyable {
        /// What client and broker both speak.
        let versions: NegotiatedVersions
        var line: RequestLine
        /// Whether a request is not yet written out. No other produce request is sent meanwhile: what waits gathers more
        /// records, and its time to be answered in does not run.
        var isWriting = false
        /// When the client logs in again; nil when the login holds for ever, or there is none.
        var session: Reauthentication?
        /// When the login ended.
        var loggedIn: NIODeadline
        /// The login that is under way, on a connection that has had one (KIP-368).
        var relogin: Relogin?

        /// Whether a login lets requests through.
        func isOpen(now: NIODeadline) -> Bool {
            guard relogin == nil else { return false }
            return session.map { $0.step(now: now) == .send } ?? true
        }

        /// Whether it is time to log in again.
        func mustLogIn(now: NIODeadline) -> Bool { relogin == nil && session?.step(now: now) == .logIn }

        /// When something of it may run out of time, or is due.
        func nextExpiry(maximumIdle: TimeAmount) -> NIODeadline? {
            var earliest = EarliestDeadline(relogin.map(\.deadline) ?? session.map(\.due))
            if !line.inFlight.isEmpty {
                earliest.consider(line.nextDeadline)
            } else if maximumIdle >= .zero {
                earliest.consider(line.lastUsed + maximumIdle)
            }
            return earliest.value
        }

        /// Whether anything was sent since the last login.
        var isUsed: Bool { !line.inFlight.isEmpty || line.lastUsed > loggedIn }
    }

    /// Another login on the same connection. What was sent before is answered before it; nothing else is sent until it is over.
    struct Relogin {
        var exchange: LoginExchange
        /// When its beginning was answered, which is at first when it was asked for.
        var began: NIODeadline
        /// When it must be over.
        let deadline: NIODeadline
    }

    init() { self = .disconnected(failures: 0, retryAt: .uptimeNanoseconds(0)) }

    // MARK: connecting

    /// Whether a connection attempt may begin.
    func mayConnect(now: NIODeadline) -> Bool {
        retryAt.map { $0 <= now } ?? false
    }

    /// A connection attempt begins.
    mutating func connectRequested(now: NIODeadline, setupTimeout: ExponentialBackoff) {
        switch consume self {
        case .disconnected(let failures, _):
            let wait = setupTimeout.wait(afterFailures: failures)
            self = .connecting(failures: failures, deadline: now + TimeAmount(clamping: wait))
        case .connecting(let failures, let deadline):
            self = .connecting(failures: failures, deadline: deadline)
        case .settingUp(let setup):
            self = .settingUp(setup)
        case .ready(let ready):
            self = .ready(ready)
        }
    }

    /// The TCP connection is there.
    ///
    /// - Returns: what to do first, or nil when the connection is not wanted any more.
    mutating func connected(_ plan: ConnectionSetup.Plan) -> ConnectionSetup.Action? {
        switch consume self {
        case .connecting(let failures, let deadline):
            let setup = ConnectionSetup(failures: failures, deadline: deadline, plan: plan)
            self = .settingUp(setup)
            return setup.firstAction
        case .disconnected(let failures, let retryAt):
            self = .disconnected(failures: failures, retryAt: retryAt)
        case .settingUp(let setup):
            self = .settingUp(setup)
        case .ready(let ready):
            self = .ready(ready)
        }
        return nil
    }

    /// The setup goes on.
    ///
    /// - Parameters:
    ///   - now: The time.
    ///   - random: A number from 0 to 1, by which the next login is spread (KIP-368).
    ///   - event: What happened.
    /// - Returns: what to do.
    mutating func setUp(
        now: NIODeadline,
        random: Double = 0,
        _ event: (inout ConnectionSetup) -> ConnectionSetup.Action
    ) -> ConnectionSetup.Action {
        switch consume self {
        case .settingUp(var setup):
            let action = event(&setup)
            if case .becomeReady(let firstCorrelationID, let sessionLifetimeMs) = action {
                let line = RequestLine(firstCorrelationID: firstCorrelationID, now: now)
                var ready = Ready(versions: setup.versions, line: line, loggedIn: now)
                ready.session = Reauthentication(
                    sessionLifetimeMs: sessionLifetimeMs ?? 0,
                    began: setup.loginBegan,
                    ended: now,
                    random: random
                )
                self = .ready(ready)
            } else {
                self = .settingUp(setup)
            }
            return action
        case .disconnected(let failures, let retryAt):
            self = .disconnected(failures: failures, retryAt: retryAt)
        case .connecting(let failures, let deadline):
            self = .connecting(failures: failures, deadline: deadline)
        case .ready(let ready):
            self = .ready(ready)
        }
        return .close(reason: "something of the setup came unasked")
    }

    // MARK: another login

    /// Begins another login, if it is time for it and the connection takes requests.
    ///
    /// - Returns: what to do first.
    mutating func beginRelogin(
        _ login: ConnectionSetup.Plan.Login,
        timeout: TimeAmount,
        now: NIODeadline
    ) -> LoginExchange.Action? {
        whenReady { ready -> LoginExchange.Action? in
            guard ready.mustLogIn(now: now),
                let exchange = LoginExchange(mechanism: login.mechanism, user: login.user, versions: ready.versions)
            else { return nil }
            ready.relogin = Relogin(exchange: exchange, began: now, deadline: now + timeout)
            return exchange.firstAction
        } ?? nil
    }

    /// The other login goes on.
    ///
    /// - Returns: what to do; nil when none is under way.
    mutating func relogin(
        now: NIODeadline,
        random: Double,
        _ event: (inout LoginExchange) -> LoginExchange.Action
    ) -> LoginExchange.Action? {
        whenReady { ready -> LoginExchange.Action? in
            guard var relogin = ready.relogin else { return nil }
            let action = event(&relogin.exchange)
            if case .begin = action { relogin.began = now }
            ready.relogin = relogin
            if case .done(let lifetime) = action {
                ready.relogin = nil
                ready.loggedIn = now
                ready.session = Reauthentication(
                    sessionLifetimeMs: lifetime,
                    began: relogin.began,
                    ended: now,
                    random: random
                )
            }
            return action
        } ?? nil
    }

    // MARK: requests

    /// Changes what is about requests; nil when the connection takes none.
    mutating func whenReady<Result>(_ change: (inout Ready) -> Result) -> Result? {
        switch consume self {
        case .ready(var ready):
            let result = change(&ready)
            self = .ready(ready)
            return result
        case .disconnected(let failures, let retryAt):
            self = .disconnected(failures: failures, retryAt: retryAt)
        case .connecting(let failures, let deadline):
            self = .connecting(failures: failures, deadline: deadline)
        case .settingUp(let setup):
            self = .settingUp(setup)
        }
        return nil
    }

    enum ResponseAction {
        /// The answer to this request.
        case complete(InFlightRequest)
        /// The answer to a question of the setup.
        case setup(ConnectionSetup.Question)
        case ignore
        /// The peer does not speak Kafka's protocol; requests in flight fail when the connection has closed.
        case close(reason: String)
    }

    /// A response came in.
    mutating func responseReceived(correlationID: Int32, now: NIODeadline) -> ResponseAction {
        if let setup {
            guard let question = setup.question(correlationID: correlationID) else {
                return .close(reason: "a response came out of order")
            }
            return .setup(question)
        }
        switch whenReady({ $0.line.received(correlationID: correlationID, now: now) }) {
        case .complete(let request): return .complete(request)
        case .ignore: return .ignore
        case .close(let reason): return .close(reason: reason)
        case nil: return .close(reason: "a response came unasked")
        }
    }

    // MARK: the end

    struct Disconnection {
        var wasReady = false
        /// Whether the TLS handshake was under way.
        var wasSecuring = false
        /// Whether it was asked for its versions, or for a login, and has not answered.
        var wasSettingUp = false
        /// The login that was under way, to follow "the login": ` of alice (PLAIN)`.
        var login: String?
        /// Whether it named its versions and answered none of the first requests, which any broker answers.
        var wasMute = false
        /// Requests that will not be answered, in the order of sending.
        var failing: [InFlightRequest] = []
        var retryIn: Duration = .zero
    }

    /// The connection ended, or could not be made.
    mutating func disconnected(now: NIODeadline, backoff: ExponentialBackoff) -> Disconnection {
        let failures: Int
        var result = Disconnection()
        switch consume self {
        case .disconnected(let before, let retryAt):
            self = .disconnected(failures: before, retryAt: retryAt)
            return result
        case .connecting(let before, _):
            failures = before
        case .settingUp(let setup):
            failures = setup.failures
            result.wasSecuring = setup.isSecuring
            result.wasSettingUp = !setup.isSecuring
            result.login = setup.login?.words
        case .ready(let ready):
            failures = 0
            result.wasReady = true
            result.wasMute = ready.line.isMute
            result.failing = ready.line.unended
        }
        result.retryIn = backoff.wait(afterFailures: failures)
        self = .disconnected(failures: failures + 1, retryAt: now + TimeAmount(clamping: result.retryIn))
        return result
    }
}

// MARK: what may be asked

extension ConnectionMachine {
    /// Looks at what is about requests; nil when the connection takes none.
    func ifReady<Result>(_ look: (borrowing Ready) -> Result) -> Result? {
        switch self {
        case .disconnected: nil
        case .connecting: nil
        case .settingUp: nil
        case .ready(let ready): look(ready)
        }
    }

    /// What a connection is about that is open and does not take requests yet.
    var setup: ConnectionSetup? {
        switch self {
        case .disconnected: nil
        case .connecting: nil
        case .settingUp(let setup): setup
        case .ready: nil
        }
    }

    var isReady: Bool {
        switch self {
        case .disconnected: false
        case .connecting: false
        case .settingUp: false
        case .ready: true
        }
    }

    /// Whether a connection is there or on its way.
    var isConnectingOrConnected: Bool { retryAt == nil }

    var inFlightCount: Int {
        switch self {
        case .disconnected: 0
        case .connecting: 0
        case .settingUp: 0
        case .ready(let ready): ready.line.inFlight.count
        }
    }

    /// When the next attempt may begin, if the connection is down.
    var retryAt: NIODeadline? {
        switch self {
        case .disconnected(_, let retryAt): retryAt
        case .connecting: nil
        case .settingUp: nil
        case .ready: nil
        }
    }

    /// What has not come of a connection that is being made; nil when none is.
    var lack: SetupLack? {
        switch self {
        case .disconnected: nil
        case .connecting: .connection
        case .settingUp(let setup): setup.lack
        case .ready: nil
        }
    }

    /// A second attempt with the same deadline, while this one is on its way.
    func another() -> ConnectionMachine? {
        switch self {
        case .disconnected: nil
        case .connecting(let failures, let deadline): .connecting(failures: failures, deadline: deadline)
        case .settingUp(let setup): .connecting(failures: setup.failures, deadline: setup.deadline)
        case .ready: nil
        }
    }

    enum Expiry: Equatable {
        /// What the setup lacks.
        case setup(SetupLack)
        /// The other login has taken too long.
        case relogin
        /// It is time for another login; or, for a connection that nobody used since the last one, to end it.
        case session(isUsed: Bool)
        case request(APIKey)
        case idle
    }

    /// What ran out of time, if anything did: connecting, the oldest request, or the patience with an idle connection.
    func expired(now: NIODeadline, maximumIdle: TimeAmount) -> Expiry? {
        switch self {
        case .disconnected: return nil
        case .connecting(_, let deadline): return deadline <= now ? .setup(.connection) : nil
        case .settingUp(let setup): return setup.deadline <= now ? .setup(setup.lack) : nil
        case .ready(let ready):
            if let late = ready.line.late(now: now) { return .request(late.apiKey) }
            if let relogin = ready.relogin, relogin.deadline <= now { return .relogin }
            if ready.mustLogIn(now: now) { return .session(isUsed: ready.isUsed) }
            let isIdle = ready.line.inFlight.isEmpty && maximumIdle >= .zero
            return isIdle && ready.line.lastUsed + maximumIdle <= now ? .idle : nil
        }
    }

    /// When something may run out of time.
    func nextExpiry(maximumIdle: TimeAmount) -> NIODeadline? {
        switch self {
        case .disconnected: nil
        case .connecting(_, let deadline): deadline
        case .settingUp(let setup): setup.deadline
        case .ready(let ready): ready.nextExpiry(maximumIdle: maximumIdle)
        }
    }
}
