// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOHTTP1
import NIOTLS

/// Sends one request on a connection and collects its answer.
final class HTTPExchange: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let request: HTTPRequest
    private let timeouts: HTTPTimeouts
    private let handshake: TLSHandshake?
    private var collector = HTTPCollector()
    /// What is told of the outcome; nil once it has been.
    private var promise: EventLoopPromise<HTTPAnswer>?
    private var timeout: Scheduled<Void>?

    init(
        _ request: HTTPRequest,
        timeouts: HTTPTimeouts,
        handshake: TLSHandshake?,
        promise: EventLoopPromise<HTTPAnswer>
    ) {
        self.request = request
        self.timeouts = timeouts
        self.handshake = handshake
        self.promise = promise
    }

    /// Adds what speaks HTTP, and this behind it.
    func addHandlers(to channel: any Channel) throws {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHTTPClientHandlers()
        try pipeline.addHandler(self)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        guard handshake != nil else { return send(context) }
        let words = "no answer to the TLS handshake within \(timeouts.connect.milliseconds) ms"
        limit(timeouts.connect, HTTPFailure(.timedOut, words), context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent {
            handshake?.completed()
            send(context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        do throws(HTTPFailure) {
            switch unwrapInboundIn(data) {
            case .head(let head): collector.begin(status: Int(head.status.code), headers: head.headers.map { $0 })
            case .body(let bytes): try collector.append(bytes.readableBytesView)
            case .end:
                let answer = collector.end()
                finish(answer.map(Result.success) ?? .failure(.closedEarly), context)
            }
        } catch {
            finish(.failure(error), context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(.failure(HTTPFailure(error, handshake)), context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(.failure(.closedEarly), context)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        finish(.failure(.closedEarly), context)
    }

    private func send(_ context: ChannelHandlerContext) {
        let words = "no answer within \(timeouts.read.milliseconds) ms"
        limit(timeouts.read, HTTPFailure(.timedOut, words), context)
        let body = request.body.bytes
        var head = HTTPRequestHead(version: .http1_1, method: request.method.method, uri: request.url.target)
        head.headers.add(name: "Host", value: request.url.hostHeader)
        for (name, value) in request.headers { head.headers.add(name: name, value: value.text) }
        head.headers.add(name: "Connection", value: "close")
        if !body.isEmpty || request.method != .get {
            head.headers.add(name: "Content-Length", value: "\(body.count)")
        }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !body.isEmpty {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        }
        // A header that could not be sent fails here.
        let written = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        written.futureResult.whenFailure { error in
            let (exchange, context) = bound.value
            exchange.finish(.failure(HTTPFailure(error, nil)), context)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }

    private func limit(_ time: Duration, _ failure: HTTPFailure, _ context: ChannelHandlerContext) {
        timeout?.cancel()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timeout = context.eventLoop.scheduleTask(in: TimeAmount(clamping: time)) {
            let (exchange, context) = bound.value
            exchange.finish(.failure(failure), context)
        }
    }

    private func finish(_ result: Result<HTTPAnswer, HTTPFailure>, _ context: ChannelHandlerContext) {
        guard let promise else { return }
        self.promise = nil
        timeout?.cancel()
        timeout = nil
        promise.completeWith(result.mapError { $0 as any Error })
        context.close(promise: nil)
    }
}

extension HTTPRequest.Method {
    /// The same for NIO.
    fileprivate var method: HTTPMethod {
        switch self {
        case .get: .GET
        case .post: .POST
        case .put: .PUT
        }
    }
}
