// SPDX-License-Identifier: Apache-2.0
package import KafkaProtocol
package import NIOCore

/// The one way to ask: encoding, decoding, throttling, metrics and failure are here, for all requests.
extension BrokerConnections {
    /// Sends a request over a connection.
    ///
    /// - Parameters:
    ///   - request: What to ask.
    ///   - version: The version to ask in. Default: the highest in common.
    ///   - connection: The connection, which should be ready.
    ///   - now: The time.
    ///   - completion: Called once, on the event loop, with how the request ended: before this returns if it cannot be sent.
    @specialized(where Request == ProduceRequest)
    package func send<Request: KafkaRequest>(
        _ request: Request,
        version: Int16? = nil,
        over connection: BrokerConnection,
        now: NIODeadline,
        completion: @escaping (Result<Request.Response, RequestFailure>, RequestTimes) -> Void
    ) where Request.Response: ThrottledResponse {
        let times = RequestTimes(sentAt: now, endedAt: now)
        guard let version = version ?? connection.version(of: Request.apiKey) else {
            completion(.failure(lacksVersion(of: Request.self, connection)), times)
            // Nothing will come in that would have it looked at.
            observer?.connectionsHaveNews()
            return
        }
        let inFlight = InFlightRequest(
            apiKey: Request.apiKey,
            version: version,
            deadline: now + requestTimeout
        ) { [unowned self] sent, end in
            switch end {
            case .answered(let frame, let now):
                let response: Request.Response
                do throws(DecodingError) {
                    response = try Request.Response(decodingAnswer: frame, version: version)
                } catch {
                    return error
                }
                throttle(connection, response, version: version, now: now)
                completion(.success(response), RequestTimes(sentAt: sent.sentAt, endedAt: now))
            case .confirmed:
                break
            case .failed(let failure):
                completion(.failure(failure), RequestTimes(sentAt: sent.sentAt, endedAt: eventLoop.now))
            }
            return nil
        }
        submit(request, inFlight, over: connection, now: now)
    }

    /// Sends a request that the broker does not answer (Produce with `acks=0`). It ends well when the answer to a later one,
    /// which is asked for, proves that the broker took it.
    ///
    /// - Parameters:
    ///   - request: What to send.
    ///   - version: The version to send it in. Default: the highest in common.
    ///   - connection: The connection, which should be ready.
    ///   - now: The time.
    ///   - completion: Called once, on the event loop, with how the request ended: before this returns if it cannot be sent.
    package func sendUnanswered<Request: KafkaRequest>(
        _ request: Request,
        version: Int16? = nil,
        over connection: BrokerConnection,
        now: NIODeadline,
        completion: @escaping (Result<Void, RequestFailure>, RequestTimes) -> Void
    ) {
        guard let version = version ?? connection.version(of: Request.apiKey) else {
            let times = RequestTimes(sentAt: now, endedAt: now)
            completion(.failure(lacksVersion(of: Request.self, connection)), times)
            // Nothing will come in that would have it looked at.
            observer?.connectionsHaveNews()
            return
        }
        var inFlight = InFlightRequest(
            apiKey: Request.apiKey,
            version: version,
            deadline: now + requestTimeout
        ) { [unowned self] sent, end in
            switch end {
            case .answered(_, let now), .confirmed(let now):
                completion(.success(()), RequestTimes(sentAt: sent.sentAt, endedAt: now))
            case .failed(let failure):
                completion(.failure(failure), RequestTimes(sentAt: sent.sentAt, endedAt: eventLoop.now))
            }
            return nil
        }
        inFlight.isAnswered = false
        submit(request, inFlight, over: connection, now: now)
    }

    func submit<Request: KafkaRequest>(
        _ request: Request,
        _ inFlight: InFlightRequest,
        over connection: BrokerConnection,
        now: NIODeadline
    ) {
        guard let correlationID = connection.machine.whenReady({ $0.line.sent(inFlight, now: now) }) else {
            _ = inFlight.end(inFlight, .failed(RequestFailure(.notReady, "the connection was lost")))
            observer?.connectionsHaveNews()
            return
        }
        do {
            let frames = try RequestFrame.scattered(
                request,
                version: inFlight.version,
                correlationID: correlationID,
                clientID: settings.clientID
            )
            metrics.requestSent(to: connection.node, bytes: frames.reduce(0) { $0 + $1.readableBytes }, now: now)
            write(frames, correlationID: correlationID, on: connection)
        } catch {
            end(connection, .failed("a request could not be encoded: \(error)", .unencodable))
        }
    }

    private func lacksVersion<Request: KafkaRequest>(
        of _: Request.Type,
        _ connection: BrokerConnection
    ) -> RequestFailure {
        guard connection.isReady else { return RequestFailure(.notReady, "the connection was lost") }
        let text = "it speaks no version of \(Request.apiKey) that this client knows"
        return RequestFailure(.unsupportedVersion, text)
    }

    /// Asks something that any broker answers, if something was written that nothing under way confirms (`acks=0`).
    func askForConfirmation(on connection: BrokerConnection, now: NIODeadline) {
        guard connection.machine.ifReady({ $0.line.wantsConfirmation && $0.relogin == nil }) == true else { return }
        // Every broker answers version 0.
        let version = connection.version(of: .apiVersions) ?? 0
        send(ApiVersionsRequest(settings.software), version: version, over: connection, now: now) { _, _ in }
    }
}

/// When a request was sent and when it ended.
package struct RequestTimes {
    package let sentAt: NIODeadline
    package let endedAt: NIODeadline

    /// From sending to the end.
    package var roundTrip: TimeAmount { endedAt - sentAt }
}
