// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Logging
import NIOCore
import NIOPosix

/// Connections: making them, writing requests, taking responses, and their end.
extension Sender {
    /// The connection to a node of the cluster, made when first wanted, made anew when the node has moved.
    func connection(to node: Int32) -> BrokerConnection? {
        guard let address = cluster.brokers[node] else { return nil }
        if let connection = connections[node] {
            if connection.address.host == address.host, connection.address.port == address.port { return connection }
            connections[node] = nil
            retire(connection)
        }
        let delay = TimeAmount(configuration.connectionHedgeDelay)
        let connection = BrokerConnection(node: node, address: address, hedgeDelay: delay)
        connections[node] = connection
        return connection
    }

    /// Ends a connection that is no longer the node's; what is in flight on it is failed at once.
    private func retire(_ connection: BrokerConnection) {
        let now = NIODeadline.now()
        let end = end(connection, now: now)
        fail(end.failing, error: .networkException, reason: "the broker has moved", on: connection, now: now)
    }

    /// Closes what is there of a connection.
    @discardableResult
    func end(_ connection: BrokerConnection, now: NIODeadline) -> ConnectionMachine.Disconnection {
        let end = connection.machine.disconnected(now: now, backoff: reconnectBackoff)
        for channel in connection.ended() { dispose(of: channel, now: now) }
        return end
    }

    /// Closes a channel that was counted when it opened.
    func dispose(of channel: any Channel, now: NIODeadline) {
        metrics.connectionClosed(now: now)
        channel.close(promise: nil)
    }

    /// Whether the connection takes requests; if there is none yet, begins to make one.
    func connect(_ connection: BrokerConnection, now: NIODeadline) -> Bool {
        if connection.machine.isReady { return true }
        guard connection.machine.mayConnect(now: now) else { return false }
        connection.machine.connectRequested(now: now, setupTimeout: setupTimeout)
        let id = connection.beginAttempt(nextAttempt(), now: now)
        logger.debug("connecting", metadata: ["broker": "\(connection.address)"])
        open(id, to: connection, now: now)
        return false
    }

    /// Begins to make a channel, for the first or the second attempt.
    ///
    /// An attempt does not hold the sender: when the event loop ends while a name is looked up, nothing is ever told of the
    /// attempt, and what it holds would stay.
    func open(_ id: BrokerConnection.ID, to connection: BrokerConnection, now: NIODeadline) {
        makeBootstrap(for: id, deadline: connection.machine.nextExpiry(maximumIdle: maximumIdle) ?? now, now: now)
            .connect(host: connection.address.host, port: connection.address.port)
            .assumeIsolated()
            .whenComplete { [weak self] result in
                guard let self else {
                    if case .success(let channel) = result { channel.close(promise: nil) }
                    return
                }
                assumeIsolated { sender in
                    switch result {
                    case .success(let channel): sender.opened(channel, id: id)
                    case .failure(let error): sender.lost(id, ConnectionLoss(error))
                    }
                }
            }
    }

    private func makeBootstrap(for id: BrokerConnection.ID, deadline: NIODeadline, now: NIODeadline) -> ClientBootstrap
    {
        var bootstrap = ClientBootstrap(group: eventLoop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(.writeBufferWaterMark, value: .init(low: 1 << 20, high: 8 << 20))
            .connectTimeout(max(.milliseconds(1), deadline - now))
            .channelInitializer { [weak self] channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let self else { throw ConnectionError(reason: "the producer has closed") }
                    try channel.pipeline.syncOperations.addHandlers([
                        ByteToMessageHandler(ResponseDecoder()),
                        ConnectionHandler(connection: id, sender: self),
                    ])
                }
            }
        if let bytes = configuration.sendBufferBytes {
            bootstrap = bootstrap.channelOption(.socketOption(.so_sndbuf), value: .init(bytes))
        }
        if let bytes = configuration.receiveBufferBytes {
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: .init(bytes))
        }
        return bootstrap
    }

    /// The connection that `id` stands for, unless a newer one has taken its place.
    func current(_ id: BrokerConnection.ID) -> BrokerConnection? {
        guard let connection = connections[id.node], connection.id == id else { return nil }
        return connection
    }

    private func opened(_ channel: any Channel, id: BrokerConnection.ID) {
        guard !isClosed, let connection = connections[id.node] else { return channel.close(promise: nil) }
        let latestVersion = ApiVersionsRequest.validVersions.upperBound
        let action: ConnectionMachine.ConnectedAction
        if connection.id == id {
            connection.opened(channel)
            action = connection.machine.connected(latestVersion: latestVersion)
        } else if connection.isHedge(id) {
            action = connection.hedgeOpened(channel, latestVersion: latestVersion)
        } else {
            return channel.close(promise: nil)
        }
        metrics.connectionOpened(now: .now())
        switch action {
        case .sendAPIVersions(let version, let correlationID):
            sendAPIVersions(version: version, correlationID: correlationID, on: connection, channel)
        case .close:
            channel.close(promise: nil)
        }
    }

    /// Asks which versions the broker speaks.
    var versionsQuestion: ApiVersionsRequest {
        ApiVersionsRequest(clientSoftwareName: ClientSoftware.name, clientSoftwareVersion: ClientSoftware.version)
    }

    func sendAPIVersions(
        version: Int16,
        correlationID: Int32,
        on connection: BrokerConnection,
        _ channel: (any Channel)?
    ) {
        do {
            let frame = try RequestFrame.encode(
                versionsQuestion,
                version: version,
                correlationID: correlationID,
                clientID: configuration.clientID
            )
            metrics.requestSent(to: connection.node, bytes: frame.readableBytes, now: .now())
            channel?.writeAndFlush(frame, promise: nil)
        } catch {
            close(connection, reason: "the question for its versions could not be encoded: \(error)")
        }
    }

    // MARK: the end

    /// Gives a connection up, for a reason of ours.
    ///
    /// - Parameters:
    ///   - connection: the connection.
    ///   - reason: why, for a person.
    ///   - error: what its requests fail with.
    ///   - unanswered: requests that were sent before those that are still in flight, and are not answered either.
    func close(
        _ connection: BrokerConnection,
        reason: String,
        error: ErrorCode = .networkException,
        unanswered: [InFlightRequest] = []
    ) {
        guard let end = disconnected(connection) else { return }
        tellEnd(of: connection, end, reason: reason)
        settle(connection, unanswered + end.failing, error: error, reason: reason)
    }

    /// Notes the end of a connection and closes what is there of it; `nil` if it has ended already.
    func disconnected(_ connection: BrokerConnection) -> ConnectionMachine.Disconnection? {
        guard !isClosed, connection.machine.isConnectingOrConnected else { return nil }
        let end = end(connection, now: .now())
        if !end.wasReady { connection.attemptFailed() }
        return end
    }

    /// Says that a connection ended, or could not be made.
    func tellEnd(of connection: BrokerConnection, _ end: ConnectionMachine.Disconnection, reason: String) {
        guard !end.wasReady else { return tell(.brokerDisconnected(connection.address, reason: reason)) }
        lastConnectionFailure = (connection.address, reason)
        tell(.brokerUnreachable(connection.address, reason: reason, retryIn: end.retryIn))
    }

    /// What was in flight is tried again elsewhere or later.
    func settle(
        _ connection: BrokerConnection,
        _ requests: [InFlightRequest],
        error: ErrorCode = .networkException,
        reason: String
    ) {
        fail(requests, error: error, reason: reason, on: connection, now: .now())
        // The cluster may have changed; a leader that is gone is replaced by another.
        metadata.requestUpdate()
        run()
    }

    /// Ends what was to come of requests that will not be answered.
    func fail(
        _ requests: [InFlightRequest],
        error: ErrorCode,
        reason: String,
        on connection: BrokerConnection,
        now: NIODeadline
    ) {
        var batches: [ProducerBatch] = []
        var lost: [ProducerBatch] = []
        for request in requests {
            switch request.purpose {
            case .produce(let sent):
                // With acks=0 nothing is stored twice: what the broker may have is not sent again.
                if configuration.acks == .none, request.isWritten { lost += sent } else { batches += sent }
            case .metadata:
                metadata.requestFailed(now: now)
            case .initProducerID:
                identityRequestFailed(now: now)
            case .confirmation:
                break
            }
        }
        loseTrack(of: lost, reason: reason, on: connection)
        complete(batches, failing: error, reason: reason, on: connection, now: now)
    }

    /// Closes connections on which something took too long.
    func expireConnections(now: NIODeadline) {
        guard
            connections.values.contains(where: {
                $0.machine.nextExpiry(maximumIdle: maximumIdle).map { $0 <= now } ?? false
            })
        else { return }
        for connection in Array(connections.values) {
            switch connection.machine.expired(now: now, maximumIdle: maximumIdle) {
            case .setup:
                let seconds = configuration.connectionSetupTimeout.milliseconds
                close(connection, reason: "no connection within socket.connection.setup.timeout.ms=\(seconds)")
            case .request(let api):
                let timeout = configuration.requestTimeout.milliseconds
                let reason = "no answer to \(api) within request.timeout.ms=\(timeout)"
                close(connection, reason: reason, error: .requestTimedOut)
            case .idle:
                logger.debug("closing idle connection", metadata: ["broker": "\(connection.address)"])
                end(connection, now: now)
            case nil:
                break
            }
        }
    }

    func nextConnectionExpiry() -> NIODeadline? {
        var earliest: NIODeadline?
        for connection in connections.values {
            guard var expiry = connection.machine.nextExpiry(maximumIdle: maximumIdle) else { continue }
            if let hedge = connection.setup.dueAt { expiry = min(expiry, hedge) }
            earliest = earliest.map { min($0, expiry) } ?? expiry
        }
        return earliest
    }

    /// The node to ask for things that any broker can tell: the one that is ready and least busy, else one that
    /// connects, else the one that was not tried for longest. One that asked for a pause is not asked.
    func leastLoadedNode(now: NIODeadline) -> BrokerConnection? {
        let nodes = cluster.brokers.keys.shuffled().compactMap { connection(to: $0) }
        let ready = nodes.filter { $0.machine.isReady && $0.throttledUntil ?? now <= now }
        if let best = ready.min(by: { $0.load < $1.load }) { return best }
        let connecting = nodes.first { $0.machine.isConnectingOrConnected && !$0.machine.isReady }
        if let connecting { return connecting }
        return nodes.filter { $0.machine.mayConnect(now: now) }.min { $0.lastAttempt < $1.lastAttempt }
    }

    /// Whether every broker of the cluster was tried in vain since it was connected to last, and none is connected to or
    /// about to be. One that has merely closed an idle connection, or begins anew, is not lost.
    var isEveryBrokerLost: Bool {
        cluster.brokers.keys.allSatisfy { node in
            guard let connection = connections[node] else { return false }
            return !connection.machine.isConnectingOrConnected && connection.failedAttempts > 0
        }
    }
}
