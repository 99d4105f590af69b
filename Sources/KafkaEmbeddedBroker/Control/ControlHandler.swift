// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Serves one connection to the control socket: a line that asks, `ok` or `error` and what there is to say as the answer, the end.
final class ControlHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Bytes of the longest line.
    private static let longestLine = 4096

    private let server: Server
    private var received = ByteBuffer()
    private var isAnswered = false

    init(server: Server) {
        self.server = server
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isAnswered else { return }
        var bytes = unwrapInboundIn(data)
        received.writeBuffer(&bytes)
        guard let end = received.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) else {
            if received.readableBytes > Self.longestLine { context.close(promise: nil) }
            return
        }
        isAnswered = true
        let line = String(
            buffer: received.getSlice(at: received.readerIndex, length: end - received.readerIndex) ?? ByteBuffer()
        )
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        do throws(EmbeddedBrokerError) {
            let answer = try ControlPerformer(server: server).perform(try ControlCommand(parsing: line))
            answer.whenComplete { result in
                switch result {
                case .success(let text): bound.value.handler.answer("ok\n" + text, bound.value.context)
                case .failure(let error):
                    bound.value.handler.answer("error \(ListeningFailure(error))\n", bound.value.context)
                }
            }
        } catch {
            answer("error \(error.message)\n", context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func answer(_ text: String, _ context: ChannelHandlerContext) {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text))).whenComplete { _ in
            bound.value.close(promise: nil)
        }
    }
}
