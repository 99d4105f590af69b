// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
package import Logging
package import NIOCore

/// The connections to all brokers: made when first wanted, asked over, expired and ended, all on one event loop.
///
/// Everything that ends a connection goes through ``finish(_:_:alsoFailing:now:)``: what was created and not closed is open.
package final class BrokerConnections {
    let settings: ClientSettings
    let eventLoop: any EventLoop
    let metrics: any ClientMetrics
    let logger: Logger
    /// Lets logins that work on other threads back in.
    let gate: LoopGate
    let setupPlan: ConnectionSetup.Plan
    private let reconnectBackoff: ExponentialBackoff
    private let setupTimeout: ExponentialBackoff
    private let maximumIdle: TimeAmount
    /// The owner; none any more after ``close()``.
    private(set) weak var observer: (any ConnectionsObserver)?

    private(set) var connections: [Int32: BrokerConnection] = [:]
    private var attempts: ConnectionAttempts
    /// What all of them have taught so far.
    package private(set) var history: ConnectionHistory
    private(set) var isClosed = false

    package init(
        settings: ClientSettings,
        connector: any Connector,
        eventLoop: any EventLoop,
        metrics: any ClientMetrics,
        logger: Logger
    ) {
        self.settings = settings
        attempts = ConnectionAttempts(connector, tls: settings.security.tls, on: eventLoop)
        gate = LoopGate(eventLoop)
        setupPlan = ConnectionSetup.Plan(settings.security)
        self.eventLoop = eventLoop
        self.metrics = metrics
        self.logger = logger
        reconnectBackoff = ExponentialBackoff(
            initial: settings.reconnectBackoff,
            maximum: settings.reconnectBackoffMax
        )
        setupTimeout = ExponentialBackoff(initial: settings.setupTimeout, maximum: settings.setupTimeoutMax)
        history = ConnectionHistory(now: eventLoop.now)
        maximumIdle = settings.maximumIdle.map { TimeAmount(clamping: $0) } ?? .nanoseconds(-1)
    }

    func observe(by observer: any ConnectionsObserver) { self.observer = observer }

    // MARK: looking

    /// The connection to a node, if one was ever wanted.
    package subscript(node: Int32) -> BrokerConnection? { connections[node] }

    /// All connections that were ever wanted and not dropped.
    package var all: Dictionary<Int32, BrokerConnection>.Values { connections.values }

    // MARK: connecting

    /// The connection to a node that has this address, made anew when the node has moved.
    package func connection(to node: Int32, at address: BrokerAddress, now: NIODeadline) -> BrokerConnection {
        if let connection = connections[node] {
            if connection.address.host == address.host, connection.address.port == address.port { return connection }
            connections[node] = nil
            finish(connection, .quietly("the broker has moved"), now: now)
        }
        let connection = BrokerConnection(
            node: node,
            address: address,
            hedgeDelay: TimeAmount(clamping: settings.hedgeDelay)
        )
        connections[node] = connection
        return connection
    }

    /// Whether the connection takes requests; if there is none yet, begins to make one.
    package func connect(_ connection: BrokerConnection, now: NIODeadline) -> Bool {
        if connection.isReady { return true }
        guard !isClosed, connection.machine.mayConnect(now: now) else { return false }
        connection.machine.connectRequested(now: now, setupTimeout: setupTimeout)
        let id = connection.beginAttempt(attempts.begin(), now: now)
        logger.debug("connecting", metadata: ["broker": "\(connection.address)"])
        open(id, to: connection, now: now)
        return false
    }

    /// Begins to make a channel, for the first or the second attempt.
    private func open(_ id: BrokerConnection.ID, to connection: BrokerConnection, now: NIODeadline) {
        let deadline = connection.machine.nextExpiry(maximumIdle: maximumIdle) ?? now
        let timeout = max(.milliseconds(1), deadline - now)
        attempts.open(id, to: connection.address, timeout: timeout, for: self)
    }

    /// An attempt has come to a channel.
    func opened(_ channel: any Channel, id: BrokerConnection.ID) {
        guard !isClosed, let connection = connections[id.node] else { return channel.close(promise: nil) }
        let action: ConnectionSetup.Action?
        if connection.id == id {
            connection.opened(channel)
            action = connection.machine.connected(setupPlan)
        } else if connection.isHedge(id) {
            action = connection.hedgeOpened(channel, setupPlan)
        } else {
            return channel.close(promise: nil)
        }
        let now = eventLoop.now
        metrics.connectionOpened(now: now)
        observer?.connectionsReached(.opened)
        if let action { perform(action, on: connection, channel, now: now) } else { channel.close(promise: nil) }
    }

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
            ask(versionsQuestion, version: version, correlationID: correlationID, on: connection, channel, now: now)
        case .login(let step, let correlationID):
            perform(step, correlationID: correlationID, on: connection, channel, now: now)
        case .becomeReady:
            // Nothing keeps a mechanism, and the password in it, longer than its login takes.
            connection.loginWork = nil
            connection.becameReady()
            history.connected()
            observer?.connectionsDid(.connected(connection.address))
            observer?.connectionsHaveNews()
        case .close(let reason):
            end(connection, .failed(reason))
        case .refuse(let failure):
            end(connection, .mismatch(.security(failure)))
        }
    }

    /// Sends a question of the setup.
    func ask<Request: KafkaRequest>(
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
            metrics.requestSent(to: connection.node, bytes: frame.readableBytes, now: now)
            channel.writeAndFlush(frame, promise: nil)
        } catch {
            end(connection, .failed("a \(Request.apiKey) request could not be encoded: \(error)"))
        }
    }

    /// Asks which versions the broker speaks.
    var versionsQuestion: ApiVersionsRequest {
        ApiVersionsRequest(clientSoftwareName: settings.software.name, clientSoftwareVersion: settings.software.version)
    }

    // MARK: the second attempt

    /// Begins a second attempt where the first one has been silent for too long.
    func hedge(now: NIODeadline) {
        for connection in connections.values where connection.setup.dueAt != nil {
            guard connection.setup.takeDue(now: now), let id = connection.beginHedge(attempts.begin()) else { continue }
            logger.debug("connecting once more", metadata: ["broker": "\(connection.address)"])
            open(id, to: connection, now: now)
        }
    }

    /// The connection on which a response came: of two attempts the one that answers first is kept.
    private func answering(_ id: BrokerConnection.ID) -> BrokerConnection? {
        guard let connection = connections[id.node] else { return nil }
        if connection.isHedge(id) { dispose(of: connection.promoteHedge()) }
        guard connection.id == id else { return nil }
        dispose(of: connection.endHedge())
        return connection
    }

    /// Closes a channel that was counted when it opened.
    private func dispose(of channel: (any Channel)?) {
        guard let channel else { return }
        metrics.connectionClosed(now: eventLoop.now)
        channel.close(promise: nil)
    }

    /// The TLS handshake is over.
    func secured(_ id: BrokerConnection.ID) {
        guard !isClosed, let connection = answering(id), let channel = connection.channel else { return }
        let now = eventLoop.now
        let action = connection.machine.setUp(now: now) { $0.secured() }
        perform(action, on: connection, channel, now: now)
    }

    // MARK: responses

    /// A whole response came in on a connection. ``readCompleted(on:)`` follows.
    func received(_ frame: ByteBuffer, on id: BrokerConnection.ID) {
        guard !isClosed, let connection = answering(id) else { return }
        let now = eventLoop.now
        if connection.machine.setup?.awaitsBareToken == true {
            metrics.responseReceived(
                from: connection.node,
                bytes: FrameSize.prefixLength + frame.readableBytes,
                now: now
            )
            return goOn(with: connection) { $0.bareTokenReceived(Array(frame.readableBytesView)) }
        }
        guard let correlationID = frame.getInteger(at: frame.readerIndex, as: Int32.self) else { return }
        history.responded(now: now)
        metrics.responseReceived(from: connection.node, bytes: FrameSize.prefixLength + frame.readableBytes, now: now)
        switch connection.machine.responseReceived(correlationID: correlationID, now: now) {
        case .complete(let request): answered(request, frame, on: connection, now: now)
        case .setup(.versions(let version)): versionsAnswered(frame, askedIn: version, on: connection, now: now)
        case .setup(.login(let question)): loginAnswered(frame, to: question, on: connection)
        case .ignore: break
        case .close(let reason): end(connection, .failed(reason))
        }
    }

    private func answered(
        _ request: InFlightRequest,
        _ frame: ByteBuffer,
        on connection: BrokerConnection,
        now: NIODeadline
    ) {
        history.answered(connection.address)
        let confirmed = connection.machine.whenReady { $0.line.takeConfirmed(by: request) } ?? []
        for earlier in confirmed { _ = earlier.end(earlier, .confirmed(now: now)) }
        if let error = request.end(request, .answered(frame, now: now)) {
            let reason = "its \(request.apiKey) response cannot be read: \(error)"
            end(connection, .failed(reason, .undecodable), alsoFailing: [request])
        }
        askForConfirmation(on: connection, now: now)
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
            throttle(connection, response, version: version, now: now)
            observer?.connectionsReached(.versions(response))
        }
        let action = connection.machine.setUp(now: now) { $0.versionsReceived(response, now: now) }
        perform(action, on: connection, channel, now: now)
    }

    /// Notes what a response says of throttling: nothing is sent to the broker for as long as it asks.
    func throttle(
        _ connection: BrokerConnection,
        _ response: some ThrottledResponse,
        version: Int16,
        now: NIODeadline
    ) {
        metrics.throttled(milliseconds: response.throttleTimeMs, now: now)
        let pause = response.pauseMilliseconds(version: version)
        guard pause > 0 else { return }
        let until = now + .milliseconds(Int64(pause))
        connection.throttledUntil = max(connection.throttledUntil ?? until, until)
        observer?.connectionsDid(.throttled(connection.address, .milliseconds(Int64(pause))))
    }

    /// All that a connection had to read was taken in: what came together is looked at once.
    func readCompleted(on id: BrokerConnection.ID) {
        observer?.connectionsHaveNews()
        guard let connection = connections[id.node], connection.id == id else { return }
        connection.acknowledgeRead()
    }

    // MARK: writing

    /// Writes all buffers by one writev.
    func write(_ frames: [ByteBuffer], correlationID: Int32, on connection: BrokerConnection) {
        guard let channel = connection.channel, let last = frames.last else { return }
        for frame in frames.dropLast() { channel.write(frame, promise: nil) }
        let id = connection.id
        connection.machine.whenReady { $0.isWriting = true }
        channel.writeAndFlush(last).assumeIsolated().whenSuccess { [self] in
            written(on: id, correlationID: correlationID)
        }
    }

    /// A request was written out. If it was not, the end of the connection reports that.
    private func written(on id: BrokerConnection.ID, correlationID: Int32) {
        guard let connection = connections[id.node], connection.id == id else { return }
        connection.machine.whenReady { ready in
            ready.isWriting = false
            ready.line.written(correlationID: correlationID)
        }
        askForConfirmation(on: connection, now: eventLoop.now)
        observer?.connectionsHaveRoom()
    }

    // MARK: the end

    /// A connection could not be made, or ended although this side wanted it.
    func lost(_ id: BrokerConnection.ID, _ loss: ConnectionLoss) {
        guard !isClosed, let connection = connections[id.node] else { return }
        if connection.isHedge(id) { return dispose(of: connection.endHedge()) }
        guard connection.id == id else { return }
        if let mismatch = loss.mismatch { return end(connection, .mismatch(mismatch)) }
        // The second attempt may still come to something.
        if connection.isHedged { return dispose(of: connection.promoteHedge()) }
        end(connection, .lost(loss))
    }

    /// Ends a connection: what was in flight is tried again elsewhere or later.
    ///
    /// - Parameters:
    ///   - connection: the connection.
    ///   - end: why.
    ///   - others: requests that were sent before those that are still in flight, and are not answered either.
    func end(_ connection: BrokerConnection, _ end: ConnectionEnd, alsoFailing others: [InFlightRequest] = []) {
        guard !isClosed, connection.isConnectingOrConnected else { return }
        finish(connection, end, alsoFailing: others, now: eventLoop.now)
        observer?.connectionsLostOne()
    }

    /// The one place where a connection comes to its end.
    private func finish(
        _ connection: BrokerConnection,
        _ end: ConnectionEnd,
        alsoFailing others: [InFlightRequest] = [],
        now: NIODeadline
    ) {
        let state = connection.machine.disconnected(now: now, backoff: reconnectBackoff)
        for channel in connection.ended() { dispose(of: channel) }
        let reason = end.reason(state)
        if end.isQuiet {
            logger.debug("connection ended", metadata: ["broker": "\(connection.address)", "reason": "\(reason)"])
        } else {
            if !state.wasReady { connection.attemptFailed() }
            let news = history.ended(connection.address, end, in: state, now: now)
            for event in news { observer?.connectionsDid(event) }
        }
        let failing = others + state.failing
        for request in failing {
            var failure = RequestFailure(end.kind, reason)
            failure.wasWritten = request.isWritten
            _ = request.end(request, .failed(failure))
        }
        if !failing.isEmpty { observer?.connectionsHaveNews() }
    }

    /// Ends connections to nodes that the cluster does not have any more, once nothing is in flight there.
    func drop(where isGone: (Int32) -> Bool, now: NIODeadline) {
        for (node, connection) in connections where isGone(node) && connection.inFlightCount == 0 {
            connections[node] = nil
            finish(connection, .quietly("the cluster has no such broker any more"), now: now)
        }
    }

    /// Ends all connections that are there or on their way, since the cluster is sought anew.
    func endAll(_ reason: String) {
        for connection in Array(connections.values) where connection.isConnectingOrConnected {
            end(connection, .failed(reason))
        }
    }

    /// Ends connections on which something took too long.
    func expire(now: NIODeadline) {
        let isAnyLate = connections.values.contains { $0.machine.expired(now: now, maximumIdle: maximumIdle) != nil }
        guard isAnyLate else { return }
        for connection in Array(connections.values) {
            switch connection.machine.expired(now: now, maximumIdle: maximumIdle) {
            case .setup(let lacking):
                let waited = (now - connection.lastAttempt).nanoseconds / 1_000_000
                end(connection, .failed("\(lacking) within \(waited) ms (socket.connection.setup.timeout.ms)"))
            case .relogin:
                let timeout = settings.requestTimeout.milliseconds
                end(connection, .failed("no login within request.timeout.ms=\(timeout)", .timedOut))
            case .session(isUsed: true):
                logInAgain(connection, now: now)
            case .session(isUsed: false):
                finish(connection, .quietly("the login has come to its end, and nobody used it"), now: now)
            case .request(let api):
                let timeout = settings.requestTimeout.milliseconds
                end(connection, .failed("no answer to \(api) within request.timeout.ms=\(timeout)", .timedOut))
            case .idle:
                finish(connection, .quietly("connections.max.idle.ms has passed"), now: now)
            case nil:
                break
            }
        }
    }

    /// When something may take too long, or a second attempt is due.
    func nextExpiry() -> NIODeadline? {
        var earliest = EarliestDeadline()
        for connection in connections.values {
            earliest.consider(connection.machine.nextExpiry(maximumIdle: maximumIdle))
            if connection.isConnectingOrConnected { earliest.consider(connection.setup.dueAt) }
        }
        return earliest.value
    }

    /// Ends all connections for good. Requests are dropped, and nothing is reported any more.
    package func close() {
        isClosed = true
        observer = nil
        gate.close()
        settings.security.login?.close()
        for connection in connections.values {
            // Lets go of its requests, and so of the callers that wait for them.
            _ = connection.machine.disconnected(now: eventLoop.now, backoff: reconnectBackoff)
            for channel in connection.ended() { dispose(of: channel) }
        }
        connections = [:]
    }
}

/// Lets what works elsewhere find its way back without holding anything.
struct WeakConnections {
    weak var connections: BrokerConnections?
}

/// Gets what happens to connections.
protocol ConnectionsObserver: AnyObject {
    /// What was read may let work go on.
    func connectionsHaveNews()
    /// A request was written out, so that another one may follow.
    func connectionsHaveRoom()
    /// A connection ended that was wanted, so that the cluster may have changed.
    func connectionsLostOne()
    /// What a person may want to know.
    func connectionsDid(_ event: ClientEvent)
    /// A connection has come one step further in its setup.
    func connectionsReached(_ step: SetupStep)
}
