// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// Requests: writing them, and taking their answers in.
extension Sender {
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
            purpose: purpose,
            isAnswered: isAnswered
        )
        guard let correlationID = connection.machine.requestSent(inFlight, now: now), let channel = connection.channel
        else {
            fail([inFlight], error: .networkException, reason: "the connection was lost", on: connection, now: now)
            return
        }
        do {
            let frames = try RequestFrame.scattered(
                request,
                version: version,
                correlationID: correlationID,
                clientID: configuration.clientID
            )
            let bytes = frames.reduce(0) { $0 + $1.readableBytes }
            metrics.requestSent(to: connection.node, bytes: bytes, now: now)
            write(frames, to: channel, correlationID: correlationID, on: connection)
        } catch {
            close(connection, reason: "a request could not be encoded: \(error)")
        }
    }

    /// Writes all buffers by one writev.
    private func write(
        _ frames: [ByteBuffer],
        to channel: any Channel,
        correlationID: Int32,
        on connection: BrokerConnection
    ) {
        for frame in frames.dropLast() { channel.write(frame, promise: nil) }
        guard let last = frames.last else { return }
        let id = connection.id
        connection.isWriting = true
        channel.writeAndFlush(last).assumeIsolated().whenSuccess { [self] in
            assumeIsolated { $0.written(on: id, correlationID: correlationID) }
        }
    }

    /// A request was written out. If it was not, the connection's end tells.
    private func written(on id: BrokerConnection.ID, correlationID: Int32) {
        guard let connection = current(id) else { return }
        connection.isWriting = false
        if configuration.acks == .none {
            connection.machine.requestWritten(correlationID: correlationID)
            askForConfirmation(on: connection, now: .now())
        }
        // Most requests are written at once, while the sender is about to look whether there are more to send.
        if !isLooking { run() }
    }

    // MARK: responses

    /// A whole response came in on a connection. ``readCompleted(on:)`` follows.
    func received(_ frame: ByteBuffer, on id: BrokerConnection.ID) {
        guard !isClosed, let connection = answering(id) else { return }
        let now = NIODeadline.now()
        guard let correlationID = frame.getInteger(at: frame.readerIndex, as: Int32.self) else { return }
        silence = (now, false)
        metrics.responseReceived(from: connection.node, bytes: FrameSize.prefixLength + frame.readableBytes, now: now)
        switch connection.machine.responseReceived(correlationID: correlationID, now: now) {
        case .complete(let request):
            inspection.answered(connection.address)
            if configuration.acks == .none { confirmed(by: request, on: connection) }
            handle(frame, to: request, on: connection, now: now)
            if configuration.acks == .none { askForConfirmation(on: connection, now: now) }
        case .versions(let version):
            handleVersions(frame, askedIn: version, on: connection, now: now)
        case .ignore:
            break
        case .close(let reason):
            close(connection, reason: reason)
        }
    }

    /// All that a connection had to read was taken in: what came together is looked at once.
    func readCompleted(on id: BrokerConnection.ID) {
        run()
        current(id)?.acknowledgeRead()
    }

    private func handleVersions(
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
            return close(connection, reason: "its ApiVersions response cannot be read: \(error)")
        }
        if let mismatch = ListenerMismatch(response) { return close(connection, mismatch) }
        switch connection.machine.versionsReceived(response, now: now) {
        case .sendAPIVersions(let version, let correlationID):
            sendAPIVersions(version: version, correlationID: correlationID, on: connection, connection.channel)
        case .becomeReady:
            connection.becameReady()
            hasEverConnected = true
            lastConnectionFailure = nil
            isRebootstrapTold = false
            throttle(connection, response, version, now: now)
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
                throttle(connection, response, request.version, now: now)
                handle(response, to: batches, on: connection, now: now)
            case .metadata(let scope):
                let response = try MetadataResponse(decoding: &body, version: request.version)
                throttle(connection, response, request.version, now: now)
                handle(response, scope: scope, on: connection, now: now)
            case .initProducerID:
                let response = try InitProducerIDResponse(decoding: &body, version: request.version)
                throttle(connection, response, request.version, now: now)
                handle(response, on: connection, now: now)
            case .confirmation:
                let response = try ApiVersionsResponse(decodingAnswerTo: request.version, from: &body)
                throttle(connection, response, request.version, now: now)
            }
        } catch {
            let reason = "its \(request.apiKey) response cannot be read: \(error)"
            close(connection, reason: reason, unanswered: [request])
        }
    }

    /// Sends nothing to a broker for as long as it asks in an answer of this version.
    private func throttle(
        _ connection: BrokerConnection,
        _ response: some ThrottledResponse,
        _ version: Int16,
        now: NIODeadline
    ) {
        metrics.throttleTold(milliseconds: response.throttleTimeMs, now: now)
        let pause = Int64(response.pauseMilliseconds(version: version))
        guard pause > 0 else { return }
        let until = now + .milliseconds(pause)
        connection.throttledUntil = max(connection.throttledUntil ?? until, until)
        tell(.throttled(connection.address, .milliseconds(pause)))
    }
}
