// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import NIOPosix
import Logging

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
        let connection = BrokerConnection(node: node, address: address)
        connections[node] = connection
        return connection
    }

    /// Ends a connection that is no longer the node's; what is in flight on it is failed at once.
    private func retire(_ connection: BrokerConnection) {
        let end = connection.machine.disconnected(now: .now(), backoff: reconnectBackoff)
        connection.channel?.close(promise: nil)
        if connection.ended() { metrics.connectionClosed(now: .now()) }
        fail(end.failing, error: .networkException, reason: "the broker has moved", on: connection, now: .now())
    }

    /// Whether the connection takes requests; if there is none yet, begins to make one.
    func connect(_ connection: BrokerConnection, now: NIODeadline) -> Bool {
        if connection.machine.isReady { return true }
        guard connection.machine.mayConnect(now: now) else { return false }
        connection.machine.connectRequested(now: now, setupTimeout: setupTimeout)
        let id = connection.beginAttempt(now: now)
        logger.debug("connecting", metadata: ["broker": "\(connection.address)"])
        makeBootstrap(for: id, deadline: connection.machine.nextExpiry(maximumIdle: maximumIdle) ?? now, now: now)
            .connect(host: connection.address.host, port: connection.address.port)
            .assumeIsolated()
            .whenComplete { [self] result in
                assumeIsolated { sender in
                    switch result {
                    case .success(let channel): sender.opened(channel, id: id)
                    case .failure(let error): sender.closed(id, reason: describe(error))
                    }
                }
            }
        return false
    }

    private func makeBootstrap(for id: BrokerConnection.ID, deadline: NIODeadline, now: NIODeadline) -> ClientBootstrap
    {
        var bootstrap = ClientBootstrap(group: eventLoop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(.writeBufferWaterMark, value: .init(low: 1 << 20, high: 8 << 20))
            .connectTimeout(max(.milliseconds(1), deadline - now))
            .channelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
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
    private func current(_ id: BrokerConnection.ID) -> BrokerConnection? {
        guard let connection = connections[id.node], connection.id == id else { return nil }
        return connection
    }

    private func opened(_ channel: any Channel, id: BrokerConnection.ID) {
        guard !isClosed, let connection = current(id) else { return channel.close(promise: nil) }
        connection.opened(channel)
        metrics.connectionOpened(now: .now())
        switch connection.machine.connected(latestVersion: ApiVersionsRequest.validVersions.upperBound) {
        case .sendAPIVersions(let version, let correlationID):
            sendAPIVersions(version: version, correlationID: correlationID, on: connection)
        case .close:
            channel.close(promise: nil)
        }
    }

    private func sendAPIVersions(version: Int16, correlationID: Int32, on connection: BrokerConnection) {
        let request = ApiVersionsRequest(clientSoftwareName: "kafka-producer-swift", clientSoftwareVersion: "1.0.0")
        do {
            let frame = try RequestFrame.encode(
                request,
                version: version,
                correlationID: correlationID,
                clientID: configuration.clientID
            )
            metrics.requestSent(to: connection.node, bytes: frame.readableBytes, now: .now())
            connection.channel?.writeAndFlush(frame, promise: nil)
        } catch {
            close(connection, reason: "\(error)")
        }
    }

    // MARK: requests

    /// Writes a request to a connection that takes requests.
    func submit(
        _ request: some KafkaRequest,
        version: Int16,
        purpose: InFlightRequest.Purpose,
        isAnswered: Bool = true,
        to connection: BrokerConnection,
        now: NIODeadline
    ) {
        let inFlight = InFlightRequest(
            apiKey: type(of: request).apiKey,
            version: version,
            deadline: now + TimeAmount(configuration.requestTimeout),
            purpose: purpose
        )
        guard let correlationID = connection.machine.requestSent(inFlight, now: now), let channel = connection.channel
        else {
            fail([inFlight], error: .networkException, reason: "the connection was lost", on: connection, now: now)
            return
        }
        do {
            let frames =
                if let produce = request as? ProduceRequest {
                    try RequestFrame.scattered(
                        produce,
                        version: version,
                        correlationID: correlationID,
                        clientID: configuration.clientID
                    )
                } else {
                    [
                        try RequestFrame.encode(
                            request,
                            version: version,
                            correlationID: correlationID,
                            clientID: configuration.clientID
                        )
                    ]
                }
            let bytes = frames.reduce(0) { $0 + $1.readableBytes }
            metrics.requestSent(to: connection.node, bytes: bytes, now: now)
            write(frames, to: channel, unansweredCorrelationID: isAnswered ? nil : correlationID, on: connection)
        } catch {
            close(connection, reason: "a request could not be encoded: \(error)")
        }
    }

    /// Writes all buffers by one writev. Without an answer to come, having been written is the end of the request.
    private func write(
        _ frames: [ByteBuffer],
        to channel: any Channel,
        unansweredCorrelationID: Int32?,
        on connection: BrokerConnection
    ) {
        for frame in frames.dropLast() { channel.write(frame, promise: nil) }
        guard let last = frames.last else { return }
        guard let correlationID = unansweredCorrelationID else { return channel.writeAndFlush(last, promise: nil) }
        let id = connection.id
        channel.writeAndFlush(last).assumeIsolated().whenSuccess { [self] in
            assumeIsolated { $0.written(correlationID: correlationID, on: id) }
        }
    }

    private func written(correlationID: Int32, on id: BrokerConnection.ID) {
        guard let connection = current(id),
            let request = connection.machine.unansweredRequestWritten(correlationID: correlationID)
        else { return }
        if case .produce(let batches) = request.purpose {
            for batch in batches { succeed(batch, baseOffset: nil, logAppendTime: nil, on: connection) }
        }
        run()
    }

    // MARK: responses

    /// A whole response came in on a connection.
    func received(_ frame: ByteBuffer, on id: BrokerConnection.ID) {
        guard !isClosed, let connection = current(id) else { return }
        let now = NIODeadline.now()
        guard let correlationID = frame.getInteger(at: frame.readerIndex, as: Int32.self) else { return }
        metrics.responseReceived(from: connection.node, bytes: FrameSize.prefixLength + frame.readableBytes, now: now)
        switch connection.machine.responseReceived(correlationID: correlationID, now: now) {
        case .complete(let request):
            handle(frame, to: request, on: connection, now: now)
        case .versions(let version):
            handleVersions(frame, askedIn: version, on: connection, now: now)
        case .ignore:
            break
        case .close(let reason):
            close(connection, reason: reason)
        }
        run()
    }

    private func handleVersions(
        _ frame: ByteBuffer,
        askedIn version: Int16,
        on connection: BrokerConnection,
        now: NIODeadline
    ) {
        var body = frame
        body.moveReaderIndex(forwardBy: 4)
        // Whatever follows, error 35 means that the question was too new (KIP-511); not every server's body is that of
        // version 0 then.
        let error = ErrorCode(rawValue: body.getInteger(at: body.readerIndex, as: Int16.self) ?? -1)
        var versions: NegotiatedVersions?
        if error == .none {
            do {
                versions = NegotiatedVersions(try ApiVersionsResponse(decoding: &body, version: version))
            } catch {
                return close(connection, reason: "its ApiVersions response cannot be read: \(error)")
            }
        }
        switch connection.machine.versionsReceived(versions, error: error, now: now) {
        case .sendAPIVersions(let version, let correlationID):
            sendAPIVersions(version: version, correlationID: correlationID, on: connection)
        case .becomeReady:
            hasEverConnected = true
            lastConnectionFailure = nil
            isRebootstrapTold = false
            connection.failuresTold = 0
            tell(.brokerConnected(connection.address))
        case .close(let reason):
            close(connection, reason: reason)
        }
    }

    private func handle(
        _ frame: ByteBuffer,
        to request: InFlightRequest,
        on connection: BrokerConnection,
        now: NIODeadline
    ) {
        var body = frame
        do {
            _ = try ResponseHeader(
                decoding: &body,
                version: request.apiKey.responseHeaderVersion(of: request.version)
            )
            switch request.purpose {
            case .produce(let batches):
                metrics.produceAnswered(by: connection.node, after: now - request.sentAt, now: now)
                let response = try ProduceResponse(decoding: &body, version: request.version)
                throttle(connection, milliseconds: response.throttleTimeMs, now: now)
                handle(response, to: batches, on: connection, now: now)
            case .metadata(let scope):
                let response = try MetadataResponse(decoding: &body, version: request.version)
                throttle(connection, milliseconds: response.throttleTimeMs, now: now)
                handle(response, scope: scope, on: connection, now: now)
            case .initProducerID:
                let response = try InitProducerIDResponse(decoding: &body, version: request.version)
                throttle(connection, milliseconds: response.throttleTimeMs, now: now)
                handle(response, on: connection, now: now)
            }
        } catch {
            let reason = "its \(request.apiKey) response cannot be read: \(error)"
            fail([request], error: .networkException, reason: reason, on: connection, now: now)
            close(connection, reason: reason)
        }
    }

    private func throttle(_ connection: BrokerConnection, milliseconds: Int32, now: NIODeadline) {
        metrics.throttleTold(milliseconds: milliseconds, now: now)
        guard milliseconds > 0 else { return }
        let until = now + .milliseconds(Int64(milliseconds))
        connection.throttledUntil = max(connection.throttledUntil ?? until, until)
        tell(.throttled(connection.address, .milliseconds(Int64(milliseconds))))
    }

    // MARK: the end

    /// Gives a connection up, for a reason of ours.
    func close(_ connection: BrokerConnection, reason: String) {
        let channel = connection.channel
        closed(connection.id, reason: reason)
        channel?.close(promise: nil)
    }

    /// A connection ended, or could not be made: what was in flight is tried again elsewhere or later.
    func closed(_ id: BrokerConnection.ID, reason: String) {
        guard !isClosed, let connection = current(id), connection.machine.isConnectingOrConnected else { return }
        let now = NIODeadline.now()
        let end = connection.machine.disconnected(now: now, backoff: reconnectBackoff)
        if connection.ended() { metrics.connectionClosed(now: .now()) }
        if end.wasReady {
            tell(.brokerDisconnected(connection.address, reason: reason))
        } else {
            lastConnectionFailure = (connection.address, reason)
            tell(.brokerUnreachable(connection.address, reason: reason, retryIn: end.retryIn))
        }
        fail(end.failing, error: .networkException, reason: reason, on: connection, now: now)
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
        for request in requests {
            switch request.purpose {
            case .produce(let sent):
                batches += sent
            case .metadata:
                metadata.requestFailed(now: now)
            case .initProducerID:
                identityRequestFailed(now: now)
            }
        }
        complete(batches, failing: error, reason: reason, on: connection, now: now)
    }

    /// Closes connections on which something took too long.
    func expireConnections(now: NIODeadline) {
        for connection in Array(connections.values) {
            switch connection.machine.expired(now: now, maximumIdle: maximumIdle) {
            case .setup:
                let seconds = configuration.connectionSetupTimeout.milliseconds
                close(connection, reason: "no connection within socket.connection.setup.timeout.ms=\(seconds)")
            case .request(let api):
                let timeout = configuration.requestTimeout.milliseconds
                close(connection, reason: "no answer to \(api) within request.timeout.ms=\(timeout)")
            case .idle:
                logger.debug("closing idle connection", metadata: ["broker": "\(connection.address)"])
                retireIdle(connection, now: now)
            case nil:
                break
            }
        }
    }

    private func retireIdle(_ connection: BrokerConnection, now: NIODeadline) {
        _ = connection.machine.disconnected(now: now, backoff: reconnectBackoff)
        connection.channel?.close(promise: nil)
        if connection.ended() { metrics.connectionClosed(now: .now()) }
    }

    func nextConnectionExpiry() -> NIODeadline? {
        connections.values.compactMap { $0.machine.nextExpiry(maximumIdle: maximumIdle) }.min()
    }

    /// The node to ask for things that any broker can tell: the one that is ready and least busy, else one that
    /// connects, else the one that was not tried for longest.
    func leastLoadedNode(now: NIODeadline) -> BrokerConnection? {
        let nodes = cluster.brokers.keys.sorted().shuffled().compactMap { connection(to: $0) }
        let ready = nodes.filter { $0.machine.isReady && $0.throttledUntil ?? now <= now }
        if let best = ready.min(by: { $0.machine.inFlightCount < $1.machine.inFlightCount }) { return best }
        if let connecting = nodes.first(where: { $0.machine.isConnectingOrConnected }) { return connecting }
        return nodes.filter { $0.machine.mayConnect(now: now) }.min { $0.lastAttempt < $1.lastAttempt }
    }
}
