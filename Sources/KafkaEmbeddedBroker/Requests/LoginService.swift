// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Logging
import NIOCore

/// Lets a connection's login decide about each request of a listener with SASL, and answers what belongs to it.
struct LoginService {
    let eventLoop: any EventLoop
    let logger: Logger

    /// What is done with a request; nil when it is to be served as on any listener.
    func admit(
        _ body: ByteBuffer,
        _ context: RequestContext,
        _ login: ConnectionLogin,
        faults: (SASLLogin.Request, Moment) -> LoginFaults
    ) throws(DecodingError) -> Answer? {
        let request = try read(body, context)
        if let code = context.faults?.loginRefusal, request.isPartOfLogin {
            return refuse(.error(code), reason: "a fault wants it", context)
        }
        return act(on: decide(request, context.connection, login, faults), context)
    }

    /// What is done with a token that came without a header.
    func admit(rawToken token: ByteBuffer, _ context: RequestContext, _ login: ConnectionLogin) -> Answer {
        let request = SASLLogin.Request.rawToken(Array(token.readableBytesView))
        let verdict = decide(request, context.connection, login) { _, _ in LoginFaults() }
        return act(on: verdict, context) ?? .close(reason: "a token came where none is expected")
    }

    /// The answers of a listener without SASL.
    func refuse(_ request: SaslHandshakeRequest, _ context: RequestContext) -> Answer {
        context.answer(SaslHandshakeResponse(errorCode: .illegalSASLState))
    }

    /// The answers of a listener without SASL.
    func refuse(_ request: SaslAuthenticateRequest, _ context: RequestContext) -> Answer {
        context.answer(SASLTokenAnswer.afterLogin.response)
    }

    private func decide(
        _ request: SASLLogin.Request,
        _ connection: Connection,
        _ login: ConnectionLogin,
        _ faults: (SASLLogin.Request, Moment) -> LoginFaults
    ) -> SASLLogin.Verdict {
        let now = Moment.now
        let orders = login.login.beginsLogin(request, at: now) ? faults(request, now) : LoginFaults()
        let (former, wasRenewing) = (login.login.name, login.login.isRenewing)
        let verdict = login.login.received(request, at: now, faults: orders)
        let isRenewed = wasRenewing && !login.login.isRenewing
        if let name = login.login.name, former == nil || isRenewed {
            logger.info(
                isRenewed ? "logged in again" : "logged in",
                metadata: connection.metadata.merging(["principal": "User:\(name)"]) { $1 }
            )
        }
        return verdict
    }

    private func read(_ body: ByteBuffer, _ context: RequestContext) throws(DecodingError) -> SASLLogin.Request {
        var body = body
        let (key, version) = (context.header.apiKey, context.version)
        let isServed = ServedAPI.isServed(key, version: version)
        switch key {
        case .apiVersions: return .apiVersions(isServed: isServed)
        case .saslHandshake where isServed:
            let request = try SaslHandshakeRequest(decoding: &body, version: version)
            return .handshake(mechanism: request.mechanism, version: version)
        case .saslAuthenticate where isServed:
            let request = try SaslAuthenticateRequest(decoding: &body, version: version)
            return .authenticate(Array(request.authBytes.readableBytesView), version: version)
        default: return .other(key)
        }
    }

    private func act(on verdict: SASLLogin.Verdict, _ context: RequestContext) -> Answer? {
        switch verdict {
        case .serve: return nil
        case .handshake(let answer): return context.answer(answer.response)
        case .token(let answer): return context.answer(answer.response)
        case .rawToken(let token):
            var frame = ByteBuffer()
            frame.writeInteger(Int32(token.count))
            frame.writeBytes(token)
            return .send([frame])
        case .error(let code): return error(code, context)
        case .close(let reason): return .close(reason: reason)
        case .refuse(let last, let reason): return refuse(last, reason: reason, context)
        }
    }

    /// Sends the last answer of a connection and closes it, after the time for which failures are held back.
    private func refuse(_ last: SASLLogin.Verdict?, reason: String, _ context: RequestContext) -> Answer {
        let end = DeferredAnswer()
        end.complete(.close(reason: reason))
        let answer = last.flatMap { act(on: $0, context) }
        let deferred = DeferredAnswer()
        eventLoop.assumeIsolated().scheduleTask(in: SASLLogin.failureDelay) {
            guard case .send(let pieces)? = answer else { return deferred.complete(.close(reason: reason)) }
            deferred.complete(.sendPart(pieces, then: end))
        }
        return .later(deferred)
    }

    /// An error in the words of the request's own response.
    private func error(_ code: ErrorCode, _ context: RequestContext) -> Answer? {
        switch context.header.apiKey {
        case .saslHandshake: context.answer(SaslHandshakeResponse(errorCode: code))
        case .saslAuthenticate: context.answer(SaslAuthenticateResponse(errorCode: code))
        case .apiVersions: context.answer(ApiVersionsResponse(errorCode: code))
        case .metadata: context.answer(MetadataResponse(errorCode: code))
        case .initProducerID: context.answer(InitProducerIDResponse(errorCode: code, producerEpoch: -1))
        case .findCoordinator:
            context.answer(FindCoordinatorResponse(errorCode: code, errorMessage: nil, nodeID: -1, port: -1))
        default: nil
        }
    }
}
