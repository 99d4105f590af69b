// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Closes a connection after so many bytes to the client.
final class CutOff: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var left: Int

    init(after bytes: Int) {
        left = bytes
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        var bytes = unwrapOutboundIn(data)
        guard bytes.readableBytes >= left else {
            left -= bytes.readableBytes
            return context.write(wrapOutboundOut(bytes), promise: promise)
        }
        // At the limit what fits goes, and then the connection.
        let last = bytes.readSlice(length: left) ?? ByteBuffer()
        left = 0
        context.writeAndFlush(wrapOutboundOut(last), promise: promise)
        context.close(promise: nil)
    }
}
