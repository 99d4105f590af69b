// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// Decides what a listener with SASL makes of each request of one connection: before the client has logged in, while it
/// does, and afterwards, when its login may expire and be renewed (KIP-152, KIP-368). It does no I/O.
///
///     opening ── SaslHandshake ──> exchanging ── tokens ──> ready ── SaslHandshake ──> exchanging ──> ready
struct SASLLogin {
    /// A request, as far as a login is concerned with it.
    enum Request: Equatable {
        /// Asks for the APIs; in a version that is served, or not.
        case apiVersions(isServed: Bool)
        /// Names the mechanism.
        case handshake(mechanism: String, version: Int16)
        /// Carries a token.
        case authenticate([UInt8], version: Int16)
        /// A frame without a header, where one is expected.
        case rawToken([UInt8])
        /// Any other request.
        case other(APIKey)
    }

    /// What is done with a request.
    enum Verdict: Equatable {
        /// It is served as on any listener.
        case serve
        case handshake(SASLHandshakeAnswer)
        case token(SASLTokenAnswer)
        /// A token without a header.
        case rawToken([UInt8])
        /// It is answered with an error of its own kind.
        case error(ErrorCode)
        /// After a while: the answer, if there is one, and then the end of the connection.
        indirect case refuse(Verdict?, reason: String)
        /// The end of the connection, at once.
        case close(reason: String)
    }

    private enum State {
        /// Only ApiVersions, once, and SaslHandshake may come.
        case opening(hasVersions: Bool)
        case exchanging(SASLExchange, isRaw: Bool, renewing: Session?)
        /// The client asked to renew its login by another mechanism, and is told so when it sends a token.
        case mismatched(words: String)
        case ready(Session)
        /// Nothing is taken any more.
        case over
    }

    /// A login that holds.
    private struct Session {
        let mechanism: EmbeddedBroker.SASLMechanism
        let name: String
        /// When it ends; nil for never.
        let end: NIODeadline?
        /// When the client began to renew it last.
        var lastRenewal: NIODeadline?
    }

    /// Bytes that a request may have before the client has logged in. Kafka's `sasl.server.max.receive.size`.
    static let largestRequest = 524_288
    /// How long a failed login waits for its answer. Kafka's `connection.failed.authentication.delay.ms`.
    static let failureDelay = TimeAmount.milliseconds(100)
    /// A login is renewed at most so often.
    private static let leastRenewalInterval = TimeAmount.seconds(1)

    private let mechanisms: [EmbeddedBroker.SASLMechanism]
    private let lifetime: Duration?
    private let users: SASLUsers
    private var state = State.opening(hasVersions: false)

    /// - Parameters:
    ///   - security: What the listener offers.
    ///   - users: Who may log in.
    init(_ security: EmbeddedBroker.Security, users: SASLUsers) {
        mechanisms = security.mechanisms
        lifetime = security.sessionLifetime
        self.users = users
    }

    /// Whether the next frame has no header.
    var expectsRawToken: Bool {
        guard case .exchanging(_, true, _) = state else { return false }
        return true
    }

    /// The name under which the client has logged in; nil before it has.
    var name: String? {
        switch state {
        case .ready(let session), .exchanging(_, _, let session?): session.name
        case .opening, .exchanging(_, _, nil), .mismatched, .over: nil
        }
    }

    /// Whether a client that has logged in is doing so again.
    var isRenewing: Bool {
        guard case .exchanging(_, _, .some) = state else { return false }
        return true
    }

    /// Whether the client may begin a login, or renew one, now: then it is decided what goes wrong with it.
    func beginsLogin(_ request: Request, at now: Moment) -> Bool {
        guard case .handshake = request else { return false }
        switch state {
        case .opening: return true
        case .ready(let session): return Self.mayRenew(session, at: now)
        case .exchanging, .mismatched, .over: return false
        }
    }

    /// Takes a request.
    ///
    /// - Parameters:
    ///   - request: What came.
    ///   - now: When it came.
    ///   - faults: What is to go wrong with the login that it begins.
    /// - Returns: What is done with it.
    mutating func received(_ request: Request, at now: Moment, faults: LoginFaults = LoginFaults()) -> Verdict {
        let former = state
        state = .over
        switch former {
        case .opening(let hasVersions): return opening(request, hasVersions: hasVersions, faults)
        case .exchanging(let exchange, let isRaw, let session):
            return exchanging(request, exchange, isRaw: isRaw, renewing: session, at: now)
        case .mismatched(let words):
            guard case .authenticate(_, let version) = request else {
                return Self.unexpected(request, "authentication")
            }
            return Self.refuse(.told(words), version: version, isRaw: false, mechanism: nil, isRenewal: true)
        case .ready(let session): return ready(request, session, at: now, faults)
        case .over: return .close(reason: "the login has failed")
        }
    }

    // MARK: Before

    private mutating func opening(_ request: Request, hasVersions: Bool, _ faults: LoginFaults) -> Verdict {
        switch request {
        case .apiVersions(let isServed):
            guard !hasVersions else { return .close(reason: "ApiVersions was asked for twice before the login") }
            state = .opening(hasVersions: isServed)
            return .serve
        case .handshake(let name, let version):
            return handshake(name, version: version, renewing: nil, faults)
        case .authenticate, .rawToken, .other:
            return .refuse(nil, reason: "\(request.words) came before SaslHandshake")
        }
    }

    private mutating func handshake(
        _ name: String,
        version: Int16,
        renewing session: Session?,
        _ faults: LoginFaults
    ) -> Verdict {
        let names = mechanisms.map(\.rawValue)
        guard let mechanism = mechanisms.first(where: { $0.rawValue == name }) else {
            let answer = SASLHandshakeAnswer(errorCode: .unsupportedSASLMechanism, mechanisms: names)
            return .refuse(.handshake(answer), reason: "the mechanism \(name) is not offered")
        }
        if let session, session.mechanism != mechanism {
            state = .mismatched(
                words: "SASL mechanism '\(name)' requested by client is not supported for re-authentication of "
                    + "mechanism '\(session.mechanism.rawValue)'"
            )
        } else {
            let exchange = SASLExchange(mechanism, users: users, faults: faults)
            state = .exchanging(exchange, isRaw: version == 0, renewing: session)
        }
        return .handshake(SASLHandshakeAnswer(errorCode: .none, mechanisms: names))
    }

    // MARK: While

    private mutating func exchanging(
        _ request: Request,
        _ exchange: SASLExchange,
        isRaw: Bool,
        renewing session: Session?,
        at now: Moment
    ) -> Verdict {
        let token: [UInt8]
        let version: Int16
        switch request {
        case .rawToken(let bytes) where isRaw: (token, version) = (bytes, 0)
        case .authenticate(let bytes, let number) where !isRaw: (token, version) = (bytes, number)
        default: return Self.unexpected(request, "authentication")
        }
        var exchange = exchange
        do throws(SASLFailure) {
            switch try exchange.received(token, at: now) {
            case .challenge(let answer):
                state = .exchanging(exchange, isRaw: isRaw, renewing: session)
                return Self.answer(answer, lifetime: 0, version: version, isRaw: isRaw)
            case .complete(let answer, let identity):
                if exchange.faults.refusal != nil { throw .told("Authentication failed: a fault wants it") }
                if let session, session.name != identity.name {
                    throw .told(
                        "Cannot change principals during re-authentication from User.\(session.name): "
                            + "User.\(identity.name)"
                    )
                }
                let lifetime = lifetime(of: identity, exchange.faults, at: now)
                let end = (exchange.faults.silentEnd?.milliseconds ?? lifetime).map { now.uptime + .milliseconds($0) }
                state = .ready(
                    Session(
                        mechanism: exchange.mechanism,
                        name: identity.name,
                        end: end,
                        lastRenewal: session?.lastRenewal
                    )
                )
                return Self.answer(answer, lifetime: lifetime ?? 0, version: version, isRaw: isRaw)
            }
        } catch {
            return Self.refuse(
                error,
                code: exchange.faults.refusal ?? .saslAuthenticationFailed,
                version: version,
                isRaw: isRaw,
                mechanism: exchange.mechanism,
                isRenewal: session != nil
            )
        }
    }

    /// Milliseconds for which a login holds: the least of the broker's lifetime and the token's rest; nil for ever.
    private func lifetime(of identity: SASLIdentity, _ faults: LoginFaults, at now: Moment) -> Int64? {
        if let lifetime = faults.lifetime { return lifetime.milliseconds }
        let rest = identity.expiry.map { max(0, $0 - now.milliseconds) }
        guard let lifetime else { return rest }
        return min(lifetime.milliseconds, rest ?? .max)
    }

    private static func answer(_ token: [UInt8], lifetime: Int64, version: Int16, isRaw: Bool) -> Verdict {
        guard !isRaw else { return .rawToken(token) }
        return .token(SASLTokenAnswer(token: token, lifetime: version >= 1 ? lifetime : 0))
    }

    // MARK: After

    private mutating func ready(
        _ request: Request,
        _ session: Session,
        at now: Moment,
        _ faults: LoginFaults
    ) -> Verdict {
        if case .handshake(let name, let version) = request, Self.mayRenew(session, at: now) {
            var session = session
            session.lastRenewal = now.uptime
            return handshake(name, version: version, renewing: session, faults)
        }
        if let end = session.end, now.uptime > end { return .close(reason: "the login has expired") }
        state = .ready(session)
        switch request {
        case .handshake: return .handshake(SASLHandshakeAnswer(errorCode: .illegalSASLState, mechanisms: []))
        case .authenticate, .rawToken: return .token(SASLTokenAnswer.afterLogin)
        case .apiVersions, .other: return .serve
        }
    }

    private static func mayRenew(_ session: Session, at now: Moment) -> Bool {
        guard session.end != nil else { return false }
        guard let last = session.lastRenewal else { return true }
        return now.uptime >= last + leastRenewalInterval
    }

    // MARK: Failures

    private static func unexpected(_ request: Request, _ what: String) -> Verdict {
        .refuse(.error(.illegalSASLState), reason: "\(request.words) came during \(what)")
    }

    private static func refuse(
        _ failure: SASLFailure,
        code: ErrorCode = .saslAuthenticationFailed,
        version: Int16,
        isRaw: Bool,
        mechanism: EmbeddedBroker.SASLMechanism?,
        isRenewal: Bool
    ) -> Verdict {
        guard !isRaw else { return .refuse(nil, reason: failure.reason) }
        let words: String =
            switch failure {
            case .told(let words): words
            case .general:
                "Authentication failed during \(isRenewal ? "re-authentication" : "authentication") due to invalid "
                    + "credentials with SASL mechanism \(mechanism?.rawValue ?? "")"
            }
        return .refuse(.token(SASLTokenAnswer(errorCode: code, errorMessage: words)), reason: failure.reason)
    }
}

extension SASLLogin.Request {
    /// Whether it is one that a login is made of.
    var isPartOfLogin: Bool {
        switch self {
        case .handshake, .authenticate: true
        case .apiVersions, .rawToken, .other: false
        }
    }

    /// What it is, for the log: no token.
    fileprivate var words: String {
        switch self {
        case .apiVersions: "ApiVersions"
        case .handshake: "SaslHandshake"
        case .authenticate: "SaslAuthenticate"
        case .rawToken: "a token without a header"
        case .other(let key): "\(key)"
        }
    }
}
