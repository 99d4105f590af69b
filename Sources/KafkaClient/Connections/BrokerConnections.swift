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
    private let attempts: ConnectionAttempts
    private let setups: SetupPerformer
    private let patience: ConnectionPatience
    /// Kafka's `request.timeout.ms`.
    let requestTimeout: TimeAmount
    /// The owner; none any more after ``close()``.
    private(set) weak var observer: (any ConnectionsObserver)?

    private(set) var connections: [Int32: BrokerConnection] = [:]
    /// The nodes that connections turned out to be to that were made to a server of `bootstrap.servers`, by their attempts.
    private var found: [BrokerConnection.ID: Int32] = [:]
    /// What all of them have taught so far.
    package private(set) var history: ConnectionHistory
    private(set) var isClosed = false
    /// Whether anything but answers to Produce requests has come in since a read ended last.
    private var hasNews = false

    package init(
        settings: ClientSettings,
        connector: any Connector,
        eventLoop: any EventLoop,
        metrics: any ClientMetrics,
        logger: Logger
    ) {
        self.settings = settings
        attempts = ConnectionAttempts(connector, settings, on: eventLoop, logger: logger)
        setups = SetupPerformer(settings, on: eventLoop, metrics: metrics, logger: logger)
        self.eventLoop = eventLoop
        self.metrics = metrics
        self.logger = logger
        patience = ConnectionPatience(settings)
        requestTimeout = TimeAmount(clamping: settings.requestTimeout)
        history = ConnectionHistory(now: eventLoop.now)
        setups.begin(for: self)
    }

    /// Lets what works beside the event loop back in, until the connections are closed.
    var gate: LoopGate { setups.gate }

    /// Begins, on the event loop, to report to `observer`.
    func observe(by observer: any ConnectionsObserver) {
        self.observer = observer
        setups.observeLogin()
    }

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

    /// The cluster has named its brokers: a connection to a server of `bootstrap.servers` whose address one of them has is
    /// the one to that broker from now on, so that it need not be made, secured and logged in to a second time. It takes the
    /// place of one that is down, which would have to wait for its next try though the broker is there.
    func recognize(_ brokers: [Int32: BrokerAddress]) {
        for connection in Array(connections.values) where connection.node < 0 && connection.isReady {
            let node = brokers.first { node, address in
                node >= 0 && connections[node]?.isConnectingOrConnected != true
                    && address.host == connection.address.host && address.port == connection.address.port
            }
            guard let node else { continue }
            connections[connection.node] = nil
            connection.isFound(toBe: node.key, at: node.value)
            connections[node.key] = connection
            found[connection.id] = node.key
        }
    }

    /// The connection to which an attempt belongs that is under way or has succeeded.
    private func holder(of id: BrokerConnection.ID) -> BrokerConnection? {
        let node = found.isEmpty ? id.node : found[id] ?? id.node
        guard let connection = connections[node], connection.id == id || connection.isHedge(id) else {
            return nil
        }
        return connection
    }

    /// Whether the connection takes requests; if there is none yet, begins to make one.
    package func connect(_ connection: BrokerConnection, now: NIODeadline) -> Bool {
        if connection.isReady { return true }
        if !isClosed { attempts.begin(connection, now: now, for: self) }
        return false
    }

    /// An attempt has come to a channel.
    func opened(_ channel: any Channel, id: BrokerConnection.ID) {
        guard !isClosed, let connection = holder(of: id) else { return channel.close(promise: nil) }
        let action: ConnectionSetup.Action?
        if connection.id == id {
            connection.opened(channel)
            action = connection.machine.connected(setups.plan)
        } else if connection.isHedge(id) {
            action = connection.hedgeOpened(channel, setups.plan)
        } else {
            return channel.close(promise: nil)
        }
        let now = eventLoop.now
        metrics.connectionOpened(now: now)
        observer?.connectionsReached(.opened)
        guard let action else { return channel.close(promise: nil) }
        setups.perform(action, on: connection, channel, now: now)
    }

    // MARK: the second attempt

    /// Begins a second attempt where the first one has been silent for too long.
    func hedge(now: NIODeadline) {
        for connection in connections.values where connection.setup.dueAt != nil {
            attempts.beginSecond(connection, now: now, for: self)
        }
    }

    /// The connection on which a response came: of two attempts the one that answers first is kept.
    private func answering(_ id: BrokerConnection.ID) -> BrokerConnection? {
        guard let connection = holder(of: id) else { return nil }
        if connection.hasOneAttempt { return connection.id == id ? connection : nil }
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
        guard !isClosed, let connection = answering(id) else { return }
        setups.secured(connection, now: eventLoop.now)
    }

    // MARK: responses

    /// A whole response came in on a connection. ``readCompleted(on:)`` follows.
    func received(_ frame: ByteBuffer, on id: BrokerConnection.ID) {
        var isNews = true
        defer { if isNews { hasNews = true } }
        guard !isClosed, let connection = answering(id) else { return }
        let now = eventLoop.now
        let bytes = FrameSize.prefixLength + frame.readableBytes
        if connection.machine.setup?.awaitsBareToken == true {
            metrics.responseReceived(from: connection.node, bytes: bytes, now: now)
            return setups.bareTokenReceived(frame, on: connection)
        }
        guard let correlationID = frame.getInteger(at: frame.readerIndex, as: Int32.self) else { return }
        history.responded(now: now)
        metrics.responseReceived(from: connection.node, bytes: bytes, now: now)
        switch connection.machine.responseReceived(correlationID: correlationID, now: now) {
        case .complete(let request):
            isNews = request.apiKey != .produce
            answered(request, frame, on: connection, now: now)
        case .setup(let question): setups.answered(question, frame, on: connection, now: now)
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

    /// Notes what a response says of throttling: nothing is sent to the broker for as long as it asks.
    func throttle(
        _ connection: BrokerConnection,
        _ response: some ThrottledResponse,
        version: Int16,
        now: NIODeadline
    ) {
        metrics.throttled(milliseconds: response.throttleTimeMs, now: now)
        guard let pause = connection.throttle(milliseconds: response.pauseMilliseconds(version: version), now: now)
        else { return }
        observer?.connectionsDid(.throttled(connection.address, pause))
    }

    /// All that a connection had to read was taken in: what came together is looked at once.
    func readCompleted(on id: BrokerConnection.ID) {
        let connection = connection(of: id)
        let sent = connection?.sentCount
        if hasNews {
            hasNews = false
            observer?.connectionsHaveNews()
        } else {
            observer?.connectionsHaveAnswers()
        }
        // A request that went out meanwhile has the acknowledgement with it.
        if let connection, connection.id == id, connection.sentCount == sent { connection.acknowledgeRead() }
    }

    // MARK: writing

    /// Writes all buffers by one writev.
    func write(_ frames: [ByteBuffer], correlationID: Int32, on connection: BrokerConnection) {
        guard let channel = connection.channel, let last = frames.last else { return }
        if frames.count > 1 { for frame in frames.dropLast() { channel.write(frame, promise: nil) } }
        let (id, outer) = (connection.id, connection.handedOver)
        connection.handedOver = correlationID
        connection.machine.whenReady { $0.isWriting = true }
        channel.writeAndFlush(last).assumeIsolated().whenSuccess { [self] in
            written(on: connection, id, correlationID: correlationID)
        }
        connection.handedOver = outer
    }

    /// A request was written out. If it was not, the end of the connection reports that.
    private func written(on connection: BrokerConnection, _ id: BrokerConnection.ID, correlationID: Int32) {
        guard connection.id == id else { return }
        connection.machine.whenReady { ready in
            ready.isWriting = false
            ready.line.written(correlationID: correlationID)
        }
        askForConfirmation(on: connection, now: eventLoop.now)
        // Who hands the request over sees himself that it was written at once.
        if connection.handedOver != correlationID { observer?.connectionsHaveRoom() }
    }

    // MARK: the end

    /// A connection could not be made, or ended although this side wanted it.
    func lost(_ id: BrokerConnection.ID, _ loss: ConnectionLoss) {
        guard !isClosed, let connection = holder(of: id) else { return }
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
        if !end.isQuiet { observer?.connectionsLostOne() }
    }

    /// The one place where a connection comes to its end.
    private func finish(
        _ connection: BrokerConnection,
        _ end: ConnectionEnd,
        alsoFailing others: [InFlightRequest] = [],
        now: NIODeadline
    ) {
        let state = connection.machine.disconnected(now: now, backoff: patience.reconnectBackoff)
        found[connection.id] = nil
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
        // Most of the time there is none, and then nothing is copied.
        let isAnyLate = connections.values.contains { expiry(of: $0, now: now) != nil }
        guard isAnyLate else { return }
        for connection in Array(connections.values) {
            guard let expiry = expiry(of: connection, now: now) else { continue }
            if let end = patience.end(expiry, waited: now - connection.lastAttempt) {
                self.end(connection, end)
            } else {
                setups.logInAgain(connection, now: now)
            }
        }
    }

    private func expiry(of connection: BrokerConnection, now: NIODeadline) -> ConnectionMachine.Expiry? {
        connection.machine.expired(now: now, maximumIdle: patience.maximumIdle)
    }

    /// When something may take too long, or a second attempt is due.
    func nextExpiry() -> NIODeadline? {
        var earliest = EarliestDeadline()
        for connection in connections.values {
            earliest.consider(connection.machine.nextExpiry(maximumIdle: patience.maximumIdle))
            if connection.isConnectingOrConnected { earliest.consider(connection.setup.dueAt) }
        }
        return earliest.value
    }

    /// Ends all connections for good. Requests are dropped, and nothing is reported any more.
    package func close() {
        isClosed = true
        observer = nil
        setups.close()
        for connection in connections.values {
            // Lets go of its requests, and so of the callers that wait for them.
            _ = connection.machine.disconnected(now: eventLoop.now, backoff: patience.reconnectBackoff)
            for channel in connection.ended() { dispose(of: channel) }
        }
        connections = [:]
        found = [:]
    }
}

extension BrokerConnections: SetupOwner {
    func connection(of id: BrokerConnection.ID) -> BrokerConnection? {
        guard let connection = holder(of: id), connection.id == id else { return nil }
        return connection
    }

    func reached(_ step: SetupStep) { observer?.connectionsReached(step) }

    func becameReady(_ connection: BrokerConnection) {
        connection.becameReady()
        history.connected()
        observer?.connectionsDid(.connected(connection.address))
        observer?.connectionsHaveNews()
    }

    func loggedInAgain(_ connection: BrokerConnection, now: NIODeadline) {
        askForConfirmation(on: connection, now: now)
        observer?.connectionsHaveNews()
    }

    func loginDid(_ event: ClientEvent) { observer?.connectionsDid(event) }
}
