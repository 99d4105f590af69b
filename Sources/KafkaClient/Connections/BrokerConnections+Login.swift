// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Logging
import NIOCore

/// Logging in: the first time while a connection is set up, and again before a login ends (KIP-368).
extension BrokerConnections {
    /// Takes the next step of the login of a connection that is set up.
    func perform(
        _ step: LoginExchange.Action,
        correlationID: Int32,
        on connection: BrokerConnection,
        _ channel: any Channel,
        now: NIODeadline
    ) {
        switch step {
        case .sendHandshake(let version):
            let request = SaslHandshakeRequest(mechanism: setupPlan.login?.mechanism.rawValue ?? "")
            ask(request, version: version, correlationID: correlationID, on: connection, channel, now: now)
        case .sendToken(let token, .some(let version)):
            let request = SaslAuthenticateRequest(authBytes: ByteBuffer(bytes: token.bytes))
            ask(request, version: version, correlationID: correlationID, on: connection, channel, now: now)
        case .sendToken(let token, nil):
            let bytes = token.bytes
            var frame = ByteBuffer()
            frame.writeInteger(Int32(clamping: bytes.count))
            frame.writeBytes(bytes)
            metrics.requestSent(to: connection.node, bytes: frame.readableBytes, now: now)
            channel.writeAndFlush(frame, promise: nil)
        case .begin, .respond: work(on: step, of: connection)
        case .done, .fail: break
        }
    }

    /// Lets the mechanism take its next step, on another thread.
    private func work(on step: LoginExchange.Action, of connection: BrokerConnection) {
        let completion = loginCompletion(of: connection.id)
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
    private func loginCompletion(of id: BrokerConnection.ID) -> @Sendable (LoginWork.Outcome) -> Void {
        let owner = NIOLoopBound(WeakConnections(connections: self), eventLoop: eventLoop)
        return { outcome in owner.value.connections?.loginWorked(outcome, on: id) }
    }

    /// A mechanism has taken its step.
    private func loginWorked(_ outcome: LoginWork.Outcome, on id: BrokerConnection.ID) {
        guard !isClosed, let connection = connections[id.node], connection.id == id else { return }
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
    func goOn(
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

    /// Logs in again on a connection whose login is about to end (KIP-368).
    func logInAgain(_ connection: BrokerConnection, now: NIODeadline) {
        guard let login = setupPlan.login else { return }
        let timeout = TimeAmount(clamping: settings.requestTimeout)
        guard let action = connection.machine.beginRelogin(login, timeout: timeout, now: now) else { return }
        logger.debug("logging in again", metadata: ["broker": "\(connection.address)"])
        perform(action, again: connection, now: now)
    }

    /// Takes the next step of another login. Its requests stand in line behind those that were sent before.
    private func perform(_ action: LoginExchange.Action, again connection: BrokerConnection, now: NIODeadline) {
        switch action {
        case .sendHandshake(let version):
            let request = SaslHandshakeRequest(mechanism: setupPlan.login?.mechanism.rawValue ?? "")
            sendOfLogin(request, version: version, on: connection, now: now) { $0.handshakeAnswered($1) }
        case .sendToken(let token, let version):
            let request = SaslAuthenticateRequest(authBytes: ByteBuffer(bytes: token.bytes))
            sendOfLogin(request, version: version ?? 0, on: connection, now: now) { $0.authenticateAnswered($1) }
        case .begin, .respond: work(on: action, of: connection)
        case .done:
            connection.loginWork = nil
            askForConfirmation(on: connection, now: now)
            observer?.connectionsHaveNews()
        case .fail(let failure): end(connection, .mismatch(.security(failure)))
        }
    }

    /// The broker answered a question of the login of a connection that is set up.
    func loginAnswered(
        _ frame: ByteBuffer,
        to question: LoginExchange.Question,
        on connection: BrokerConnection
    ) {
        do throws(DecodingError) {
            switch question {
            case .handshake(let version):
                let response: SaslHandshakeResponse = try Self.decode(frame, version: version)
                goOn(with: connection) { $0.handshakeAnswered(response) }
            case .authenticate(let version):
                let response: SaslAuthenticateResponse = try Self.decode(frame, version: version)
                if response.errorCode == .none {
                    observer?.connectionsReached(.loggedIn(sessionLifetimeMs: response.sessionLifetimeMs))
                }
                goOn(with: connection) { $0.authenticateAnswered(response) }
            }
        } catch {
            end(connection, .failed("its answer to the login cannot be read: \(error)"))
        }
    }
}
