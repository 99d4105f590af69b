// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Logging
import NIOCore

/// Makes open connections ready, and keeps them logged in: does what ``ConnectionSetup`` and ``LoginExchange`` decide.
///
/// It sends their questions, takes the answers to them, and has the mechanism work on other threads. What comes of it is its
/// owner's business, which also has the connections.
final class SetupPerformer {
    /// What there is to do before a connection takes requests.
    private(set) var plan: ConnectionSetup.Plan
    private let settings: ClientSettings
    private let eventLoop: any EventLoop
    private let metrics: any ClientMetrics
    private let logger: Logger
    /// Lets what works beside the event loop back in: logins on other threads, and the verifying of certificates.
    let gate: LoopGate
    private weak var owner: (any SetupOwner)?

    init(_ settings: ClientSettings, on eventLoop: any EventLoop, metrics: any ClientMetrics, logger: Logger) {
        self.settings = settings
        self.eventLoop = eventLoop
        self.metrics = metrics
        self.logger = logger
        plan = ConnectionSetup.Plan(settings.security)
        gate = LoopGate(eventLoop)
    }

    /// Works for `owner` from now on.
    func begin(for owner: any SetupOwner) { self.owner = owner }

    /// Reports from now on what becomes of the login's credentials. To be called on the event loop.
    func observeLogin() {
        guard let login = settings.security.login else { return }
        let performer = NIOLoopBound(Weak(self), eventLoop: eventLoop)
        login.observe { [gate] news in
            gate.execute { performer.value.object?.heard(news) }
        }
    }

    /// Something has become of the credentials.
    private func heard(_ news: LoginNews) {
        switch news {
        case .refreshFailed(let reason, let wait):
            let metadata: Logger.Metadata = ["reason": "\(reason)", "retryInMs": "\(wait.milliseconds)"]
            logger.warning("the login could not be refreshed", metadata: metadata)
            owner?.loginDid(.loginRefreshFailed(reason: reason, retryIn: wait))
        case .refreshed:
            logger.info("the login is refreshed again")
            owner?.loginDid(.loginRefreshed)
        }
    }

    /// Ends what works in the background. Nothing that does is heard of any more.
    func close() {
        gate.close()
        settings.security.login?.close()
    }

    // MARK: setting up

    /// Takes the next step of a connection's setup.
    func perform(
        _ action: ConnectionSetup.Action,
        on connection: BrokerConnection,
        _ channel: any Channel,
        now: NIODeadline
    ) {
        switch action {
        case .secure: break
        case .sendAPIVersions(let version, let correlationID):
            let request = ApiVersionsRequest(settings.software)
            ask(request, version: version, correlationID: correlationID, on: connection, channel, now: now)
        case .login(let step, let correlationID):
            perform(step, correlationID: correlationID, on: connection, channel, now: now)
        case .becomeReady(_, let sessionLifetimeMs):
            // Nothing keeps a mechanism, and the password in it, longer than its login takes.
            connection.loginWork = nil
            if let sessionLifetimeMs { owner?.reached(.loggedIn(sessionLifetimeMs: sessionLifetimeMs)) }
            owner?.becameReady(connection)
        case .close(let reason): end(connection, .failed(reason))
        case .refuse(let failure): refuse(connection, failure)
        }
    }

    /// The TLS handshake is over.
    func secured(_ connection: BrokerConnection, now: NIODeadline) {
        guard let channel = connection.channel else { return }
        let action = connection.machine.setUp(now: now) { $0.secured() }
        perform(action, on: connection, channel, now: now)
    }

    /// The broker answered a question of the setup.
    func answered(
        _ question: ConnectionSetup.Question,
        _ frame: ByteBuffer,
        on connection: BrokerConnection,
        now: NIODeadline
    ) {
        switch question {
        case .versions(let version): versionsAnswered(frame, askedIn: version, on: connection, now: now)
        case .login(let question): loginAnswered(frame, to: question, on: connection)
        }
    }

    private func versionsAnswered(
        _ frame: ByteBuffer,
        askedIn version: Int16,
        on connection: BrokerConnection,
        now: NIODeadline
    ) {
        var body = frame
        body.moveReaderIndex(forwardBy: 4)
        let response: ApiVersionsResponse
        do {
            response = try ApiVersionsResponse(decodingAnswerTo: version, from: &body)
        } catch {
            return end(connection, .failed("its ApiVersions response cannot be read: \(error)"))
        }
        if let mismatch = ListenerMismatch(response) { return end(connection, .mismatch(mismatch)) }
        guard let channel = connection.channel else { return }
        if response.errorCode == .none {
            // The cluster's other brokers are not asked in a version that one of them does not have.
            plan.latestVersion = min(plan.latestVersion, version)
            owner?.throttle(connection, response, version: version, now: now)
            owner?.reached(.versions(response))
        }
        let action = connection.machine.setUp(now: now) { $0.versionsReceived(response, now: now) }
        perform(action, on: connection, channel, now: now)
    }

    /// Sends a question of the setup.
    private func ask<Request: KafkaRequest>(
        _ request: Request,
        version: Int16,
        correlationID: Int32,
        on connection: BrokerConnection,
        _ channel: any Channel,
        now: NIODeadline
    ) {
        do {
            let frame = try RequestFrame.encode(
                request,
                version: version,
                correlationID: correlationID,
                clientID: settings.clientID
            )
            send(frame, on: connection, channel, now: now)
        } catch {
            end(connection, .failed("a \(Request.apiKey) request could not be encoded: \(error)"))
        }
    }

    private func send(_ frame: ByteBuffer, on connection: BrokerConnection, _ channel: any Channel, now: NIODeadline) {
        metrics.requestSent(to: connection.node, bytes: frame.readableBytes, now: now)
        channel.writeAndFlush(frame, promise: nil)
    }

    /// Ends a connection that these settings cannot have, with what the client knows of the reason beside the broker.
    private func refuse(_ connection: BrokerConnection, _ failure: SecurityFailure) {
        let doubt = failure.kind == .login ? settings.security.login?.doubt : nil
        end(connection, .mismatch(.security(failure.adding(doubt))))
    }

    private func end(_ connection: BrokerConnection, _ end: ConnectionEnd) {
        owner?.end(connection, end, alsoFailing: [])
    }

    // MARK: logging in

    /// Takes the next step of the first login, whose questions are the setup's.
    private func perform(
        _ step: LoginExchange.Action,
        correlationID: Int32,
        on connection: BrokerConnection,
        _ channel: any Channel,
        now: NIODeadline
    ) {
        switch step {
        case .sendHandshake(let mechanism, let version):
            let request = SaslHandshakeRequest(mechanism: mechanism.rawValue)
            ask(request, version: version, correlationID: correlationID, on: connection, channel, now: now)
        case .sendToken(let token, .some(let version)):
            let request = SaslAuthenticateRequest(authBytes: ByteBuffer(bytes: token.bytes))
            ask(request, version: version, correlationID: correlationID, on: connection, channel, now: now)
        case .sendToken(let token, nil):
            let bytes = token.bytes
            var frame = ByteBuffer()
            frame.writeInteger(Int32(clamping: bytes.count))
            frame.writeBytes(bytes)
            send(frame, on: connection, channel, now: now)
        case .begin, .respond: work(on: step, of: connection)
        case .done, .fail: break
        }
    }

    /// The broker sent a token without a header.
    func bareTokenReceived(_ frame: ByteBuffer, on connection: BrokerConnection) {
        goOn(with: connection) { $0.bareTokenReceived(Array(frame.readableBytesView)) }
    }

    private func loginAnswered(
        _ frame: ByteBuffer,
        to question: LoginExchange.Question,
        on connection: BrokerConnection
    ) {
        do throws(DecodingError) {
            switch question {
            case .handshake(let version):
                let response = try SaslHandshakeResponse(decodingAnswer: frame, version: version)
                goOn(with: connection) { $0.handshakeAnswered(response) }
            case .authenticate(let version):
                let response = try SaslAuthenticateResponse(decodingAnswer: frame, version: version)
                goOn(with: connection) { $0.authenticateAnswered(response) }
            }
        } catch {
            end(connection, .failed("its answer to the login cannot be read: \(error)"))
        }
    }

    /// Lets the mechanism take its next step, on another thread.
    private func work(on step: LoginExchange.Action, of connection: BrokerConnection) {
        let completion = completion(of: connection.id)
        switch step {
        case .begin:
            guard let login = settings.security.login else { return }
            let work = LoginWork(login, host: connection.address.host, gate: gate)
            connection.loginWork = work
            work.begin(completion)
        case .respond(let token): connection.loginWork?.respond(to: token, completion)
        case .sendHandshake, .sendToken, .done, .fail: break
        }
    }

    /// Takes a mechanism's outcome to the connection, if that is still there.
    private func completion(of id: BrokerConnection.ID) -> @Sendable (LoginWork.Outcome) -> Void {
        let performer = NIOLoopBound(Weak(self), eventLoop: eventLoop)
        return { outcome in performer.value.object?.worked(outcome, on: id) }
    }

    /// A mechanism has taken its step.
    private func worked(_ outcome: LoginWork.Outcome, on id: BrokerConnection.ID) {
        guard let connection = owner?.connection(of: id) else { return }
        switch outcome {
        case .token(let token): goOn(with: connection) { $0.tokenMade(token) }
        case .ended: goOn(with: connection) { $0.mechanismEnded() }
        case .refused(let error): goOn(with: connection) { .fail($0.refused(error.description)) }
        case .lacking(let error) where error.isRetriable:
            end(connection, .failed("there is nothing to log in with: \(error.reason)"))
        case .lacking(let error):
            goOn(with: connection) { .fail(SecurityFailure(.credentials, $0.refused(error.reason).reason)) }
        }
    }

    /// Goes on with the login of a connection, its first one or another one.
    private func goOn(
        with connection: BrokerConnection,
        _ event: (inout LoginExchange) -> LoginExchange.Action
    ) {
        guard let channel = connection.channel else { return }
        let now = eventLoop.now
        let random = Double.random(in: 0...1)
        if connection.machine.setup != nil {
            let action = connection.machine.setUp(now: now, random: random) { $0.login(event) }
            perform(action, on: connection, channel, now: now)
        } else if let action = connection.machine.relogin(now: now, random: random, event) {
            perform(action, again: connection, now: now)
        }
    }

    // MARK: logging in again

    /// Logs in again on a connection whose login is about to end (KIP-368).
    func logInAgain(_ connection: BrokerConnection, now: NIODeadline) {
        guard let login = plan.login else { return }
        let timeout = TimeAmount(clamping: settings.requestTimeout)
        guard let action = connection.machine.beginRelogin(login, timeout: timeout, now: now) else { return }
        logger.debug("logging in again", metadata: ["broker": "\(connection.address)"])
        perform(action, again: connection, now: now)
    }

    /// Takes the next step of another login. Its requests stand in line behind those that were sent before.
    private func perform(_ action: LoginExchange.Action, again connection: BrokerConnection, now: NIODeadline) {
        switch action {
        case .sendHandshake(let mechanism, let version):
            let request = SaslHandshakeRequest(mechanism: mechanism.rawValue)
            submit(request, version: version, on: connection, now: now) { $0.handshakeAnswered($1) }
        case .sendToken(let token, let version):
            let request = SaslAuthenticateRequest(authBytes: ByteBuffer(bytes: token.bytes))
            submit(request, version: version ?? 0, on: connection, now: now) { $0.authenticateAnswered($1) }
        case .begin, .respond: work(on: action, of: connection)
        case .done:
            connection.loginWork = nil
            owner?.loggedInAgain(connection, now: now)
        case .fail(let failure): refuse(connection, failure)
        }
    }

    /// Puts a request of another login into the line of its connection, which takes nothing else meanwhile.
    ///
    /// - Parameters:
    ///   - request: What to ask.
    ///   - version: The version to ask in.
    ///   - connection: The connection.
    ///   - now: The time.
    ///   - event: What the answer is to the login. Without an answer the connection ends, and the login with it.
    private func submit<Request: KafkaRequest>(
        _ request: Request,
        version: Int16,
        on connection: BrokerConnection,
        now: NIODeadline,
        event: @escaping (inout LoginExchange, Request.Response) -> LoginExchange.Action
    ) {
        let id = connection.id
        let deadline = now + TimeAmount(clamping: settings.requestTimeout)
        let inFlight = InFlightRequest(apiKey: Request.apiKey, version: version, deadline: deadline) {
            [weak self] _, end in
            guard case .answered(let frame, _) = end, let connection = self?.owner?.connection(of: id) else {
                return nil
            }
            do throws(DecodingError) {
                let response = try Request.Response(decodingAnswer: frame, version: version)
                self?.goOn(with: connection) { event(&$0, response) }
            } catch {
                return error
            }
            return nil
        }
        owner?.submit(request, inFlight, over: connection, now: now)
    }
}
