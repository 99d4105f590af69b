// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// The end of a connection's pipeline: hands whole responses and the connection's end to the sender.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: BrokerConnection.ID
    private let sender: Sender
    private var error: (any Error)?

    init(connection: BrokerConnection.ID, sender: Sender) {
        self.connection = connection
        self.sender = sender
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        let connection = connection
        sender.assumeIsolated { $0.received(frame, on: connection) }
        // A connection that its answer made needless is closed now, and the end of this read will not be told.
        if !context.channel.isActive { channelReadComplete(context: context) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        let connection = connection
        sender.assumeIsolated { $0.readCompleted(on: connection) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if self.error == nil { self.error = error }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        let connection = connection
        let loss = ConnectionLoss(error)
        sender.assumeIsolated { $0.lost(connection, loss) }
    }
}
