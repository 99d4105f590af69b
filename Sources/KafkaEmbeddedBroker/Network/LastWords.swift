// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Says a few bytes to whoever sends anything, and closes the connection.
final class LastWords: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let bytes: ByteBuffer
    private var isOver = false

    init(_ bytes: ByteBuffer) {
        self.bytes = bytes
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        isOver = true
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
        context.close(mode: .output, promise: nil)
    }
}
