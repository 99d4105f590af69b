// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Logging
import NIOCore

/// Serves one connection: requests one after the other in the order in which they came, each answered before the next
/// is looked at, as a Kafka broker does. While an answer is waited for, the client does not read its answers, or the requests
/// of all clients take as much memory as they may, nothing more is read from it.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    private var connection: Connection
    /// Whether the client's certificate is still to be looked at.
    private var asksForCertificate: Bool
    private let dispatcher: RequestDispatcher
    private let logger: Logger
    private let maximumFrameSize: Int
    /// How long nothing may come and go.
    private let longestIdle: TimeAmount?
    private var idleCheck: Scheduled<Void>?
    /// Whether nothing has come or gone since the last look.
    private var isIdle = false
    private var assembler: FrameAssembler
    private let memory: RequestMemory
    /// What the request that is being served took of the memory.
    private var takenByRequest = 0
    /// Under which the connection waits for memory.
    private var ticket: Int?
    /// What was read and not yet put together into frames.
    private var unread = ByteBuffer()
    private var pending: DeferredAnswer?
    /// An answer that came while the broker was frozen.
    private var heldBack: Answer?
    private var isWritable = true
    private var isClosing = false
    /// Whether the channel asked for more while nothing more was to be read.
    private var isReadHeldBack = false
    private var hasUnflushedWrites = false
    /// Whether requests are being served further up the stack: what is called from there leaves the rest to it.
    private var isServing = false

    init(
        connection: Connection,
        dispatcher: RequestDispatcher,
        memory: RequestMemory,
        maximumFrameSize: Int,
        asksForCertificate: Bool = false,
        longestIdle: TimeAmount? = nil,
        logger: Logger
    ) {
        self.longestIdle = longestIdle
        self.connection = connection
        self.dispatcher = dispatcher
        self.memory = memory
        self.asksForCertificate = asksForCertificate
        self.maximumFrameSize = maximumFrameSize
        self.logger = logger
        assembler = FrameAssembler(maximumSize: maximumFrameSize)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        watchIdleness(context)
    }

    /// Closes a connection whose client has gone without a word, never ends a request, or never reads its answers.
    private func watchIdleness(_ context: ChannelHandlerContext) {
        guard let longestIdle, !isClosing else { return }
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        idleCheck = context.eventLoop.assumeIsolated().scheduleTask(in: longestIdle) {
            let (handler, context) = bound.value
            if handler.isIdle, handler.pending == nil, handler.ticket == nil, !handler.isFrozen {
                return handler.close(context, reason: "it was idle")
            }
            handler.isIdle = true
            handler.watchIdleness(context)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isIdle = false
        // TLS reads on until the other side has said goodbye.
        guard !isClosing else { return }
        var bytes = unwrapInboundIn(data)
        if unread.readableBytes == 0 { unread = bytes } else { unread.writeBuffer(&bytes) }
        if asksForCertificate { lookAtCertificate(context) }
        serveWhatIsThere(context)
    }

    /// Notes who the client is. Its first bytes come after the handshake of TLS.
    private func lookAtCertificate(_ context: ChannelHandlerContext) {
        asksForCertificate = false
        guard let subject = CertificateSubject.of(context) else { return }
        connection.certificateSubject = subject
        logger.info("certificate", metadata: connection.metadata.merging(["principal": "User:\(subject)"]) { $1 })
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        flushIfNeeded(context)
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        guard canRead(context) || isClosing else {
            isReadHeldBack = true
            return
        }
        context.read()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        isIdle = false
        isWritable = context.channel.isWritable
        goOn(context)
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        if assembler.isInsideFrame, !isClosing {
            logger.debug("client closed in the middle of a request", metadata: connection.metadata)
        }
        isClosing = true
        idleCheck?.cancel()
        pending?.cancel()
        pending = nil
        giveBackMemory()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        logger.debug(
            "connection failed",
            metadata: connection.metadata.merging(["error": "\(ListeningFailure.words(for: error))"]) { $1 }
        )
        close(context)
    }

    private var canServe: Bool { pending == nil && isWritable && !isClosing && !isFrozen }

    /// Whether more may be read: of a request that was begun in any case, of others while there is memory for them.
    private func canRead(_ context: ChannelHandlerContext) -> Bool {
        guard canServe else { return false }
        guard assembler.expected == nil else { return true }
        guard assembler.isHeldUp || memory.isUsedUp else { return true }
        waitForMemory(context)
        return false
    }

    private var isFrozen: Bool { dispatcher.isFrozen(connection.nodeID) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is Thaw else { return context.fireUserInboundEventTriggered(event) }
        if let answer = heldBack {
            heldBack = nil
            pending = nil
            act(on: answer, context)
        }
        goOn(context)
    }

    /// Serves requests as long as there are any and their answers can be sent; returns whether there were any.
    @discardableResult
    private func serveWhatIsThere(_ context: ChannelHandlerContext) -> Bool {
        guard !isServing else { return false }
        isServing = true
        defer { isServing = false }
        var hasServed = false
        while canServe, let frame = nextFrame(context) {
            hasServed = true
            takenByRequest = frame.readableBytes
            let answer = dispatcher.serve(frame, from: connection)
            // As with Kafka only Produce keeps its memory while its answer is waited for: a member that waits for others
            // to join does not keep them from being read.
            if case .later = answer, !isProduce(frame) { giveBackRequest() }
            if isFrozen { holdBack(answer, context) } else { act(on: answer, context) }
        }
        return hasServed
    }

    private func isProduce(_ frame: ByteBuffer) -> Bool {
        frame.getInteger(at: frame.readerIndex, as: Int16.self) == APIKey.produce.rawValue
    }

    /// Keeps the answer of a broker that froze until it thaws.
    private func holdBack(_ answer: Answer, _ context: ChannelHandlerContext) {
        if case .later(let deferred) = answer { return wait(for: deferred, context) }
        pending = DeferredAnswer()
        heldBack = answer
    }

    private func nextFrame(_ context: ChannelHandlerContext) -> ByteBuffer? {
        guard unread.readableBytes > 0 || assembler.isHeldUp else { return nil }
        if let login = connection.login { assembler.maximumSize = login.largestRequest(maximumFrameSize) }
        defer { if unread.readableBytes == 0 { unread = ByteBuffer() } }
        do throws(FrameAssembler.InvalidSize) {
            let frame = try assembler.nextFrame(from: &unread, takes: memory.take)
            if assembler.isHeldUp { waitForMemory(context) }
            return frame
        } catch {
            close(context, reason: "a request of \(error.size) bytes is not allowed")
            return nil
        }
    }

    /// Goes on when other requests have given back memory.
    private func waitForMemory(_ context: ChannelHandlerContext) {
        guard ticket == nil, !isClosing else { return }
        logger.debug(
            "nothing more is read for now: too many bytes of requests are to be answered",
            metadata: connection.metadata.merging(["bytes": "\(memory.taken)"]) { $1 }
        )
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        ticket = memory.wait {
            let (handler, context) = bound.value
            handler.ticket = nil
            handler.goOn(context)
        }
    }

    private func giveBackRequest() {
        guard takenByRequest > 0 else { return }
        memory.giveBack(takenByRequest)
        takenByRequest = 0
    }

    /// Gives back all memory when the connection has ended.
    private func giveBackMemory() {
        giveBackRequest()
        if let size = assembler.expected { memory.giveBack(size) }
        assembler = FrameAssembler(maximumSize: 0)
        unread = ByteBuffer()
        if let ticket { memory.leave(ticket) }
        ticket = nil
    }

    private func act(on answer: Answer, _ context: ChannelHandlerContext) {
        if case .later = answer {} else { giveBackRequest() }
        switch answer {
        case .silence: break
        case .send(let pieces):
            write(pieces, context)
            hasUnflushedWrites = true
        case .sendPart(let pieces, let rest):
            write(pieces, context)
            context.flush()
            wait(for: rest, context)
        case .close(let reason): close(context, reason: reason)
        case .later(let deferred): wait(for: deferred, context)
        }
    }

    /// Writes an answer; a large one counts until the client has read it.
    private func write(_ pieces: [ByteBuffer], _ context: ChannelHandlerContext) {
        let bytes = pieces.reduce(0) { $0 + $1.readableBytes }
        for piece in pieces.dropLast() { context.write(wrapOutboundOut(piece), promise: nil) }
        guard let last = pieces.last else { return }
        guard bytes >= AnswerMemory.smallest else { return context.write(wrapOutboundOut(last), promise: nil) }
        let answers = dispatcher.answers
        answers.hold(bytes)
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { _ in answers.letGo(bytes) }
        context.write(wrapOutboundOut(last), promise: sent)
    }

    private func wait(for deferred: DeferredAnswer, _ context: ChannelHandlerContext) {
        guard !isClosing else { return deferred.cancel() }
        pending = deferred
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        deferred.whenComplete { answer in
            let (handler, context) = bound.value
            guard handler.pending === deferred else { return }
            guard !handler.isFrozen else { return handler.heldBack = answer }
            handler.pending = nil
            handler.act(on: answer, context)
            handler.goOn(context)
        }
    }

    /// Serves what had to wait, and reads on.
    private func goOn(_ context: ChannelHandlerContext) {
        guard !isServing else { return }
        repeat { flushIfNeeded(context) } while serveWhatIsThere(context)
        if isReadHeldBack, canRead(context) {
            isReadHeldBack = false
            context.read()
        }
    }

    private func flushIfNeeded(_ context: ChannelHandlerContext) {
        guard hasUnflushedWrites else { return }
        isIdle = false
        hasUnflushedWrites = false
        context.flush()
    }

    private func close(_ context: ChannelHandlerContext, reason: String) {
        logger.info(
            "closing the connection",
            metadata: connection.metadata.merging(["reason": "\(reason)"]) { $1 }
        )
        close(context)
    }

    private func close(_ context: ChannelHandlerContext) {
        guard !isClosing else { return }
        flushIfNeeded(context)
        isClosing = true
        context.close(promise: nil)
    }
}
