// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOHTTP1

/// Serves one connection to the page: one request, its answer, the end.
final class PageHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// How long a connection may be there, however slow its client is.
    static let longest = TimeAmount.seconds(30)

    private let service: PageService
    private var deadline: Scheduled<Void>?
    private var isAnswered = false

    init(_ service: PageService) {
        self.service = service
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: Self.longest) {
            bound.value.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isAnswered, case .head(let head) = unwrapInboundIn(data) else { return }
        isAnswered = true
        let answer = service.answer(head)
        context.write(wrapOutboundOut(.head(answer.head)), promise: nil)
        if head.method != .HEAD { context.write(wrapOutboundOut(.body(.byteBuffer(answer.body))), promise: nil) }
        end(context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // What is no HTTP was answered by the handler before this one.
        guard error is HTTPParserError, !isAnswered else { return context.close(promise: nil) }
        isAnswered = true
        context.close(mode: .output, promise: nil)
    }

    /// Ends the answer, and then this side of the connection: the other side ends it when it has read all, or the time is over.
    private func end(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            bound.value.close(mode: .output).whenFailure { _ in bound.value.close(promise: nil) }
        }
    }
}
