// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOHTTP1

/// Lets no request through that is longer than one can be. It stands before HTTP is read.
final class PageLimit: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let refusal =
        "HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

    private var left = PageRequest.largest
    private var isOver = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        guard !isOver else { return }
        guard bytes.readableBytes > left else {
            left -= bytes.readableBytes
            return context.fireChannelRead(data)
        }
        isOver = true
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: Self.refusal))).whenComplete { _ in
            bound.value.close(mode: .output).whenFailure { _ in bound.value.close(promise: nil) }
        }
    }
}
