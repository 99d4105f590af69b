// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOTLS

/// The end of a connection's pipeline: parts what comes into responses, and hands these and the connection's end to its
/// owner.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let attempt: BrokerConnection.ID
    private let handshake: TLSHandshake?
    private let connections: BrokerConnections
    /// Whether all that came were responses.
    private var isKafka = true
    private let responses = NIOSingleStepByteToMessageProcessor(ResponseDecoder())
    private var error: (any Error)?

    init(attempt: BrokerConnection.ID, handshake: TLSHandshake?, connections: BrokerConnections) {
        self.attempt = attempt
        self.handshake = handshake
        self.connections = connections
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // What follows bytes that are no response is none either.
        guard isKafka else { return }
        do {
            try responses.process(buffer: unwrapInboundIn(data)) { connections.received($0, on: attempt) }
        } catch {
            isKafka = false
            errorCaught(context: context, error: error)
        }
        // A connection that its answer made needless is closed now, and the end of this read will not be reported.
        if !context.channel.isActive { channelReadComplete(context: context) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        connections.readCompleted(on: attempt)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? TLSUserEvent, case .handshakeCompleted = event {
            handshake?.completed()
            reportTLS(context)
            connections.secured(attempt)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if self.error == nil { self.error = error }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if handshake?.isCompleted == false { reportTLS(context) }
        connections.lost(attempt, ConnectionLoss(error, handshake))
    }

    /// Passes on what the handshake has shown so far.
    private func reportTLS(_ context: ChannelHandlerContext) {
        guard let handshake else { return }
        connections.observer?.connectionsReached(.handshake(handshake, version: TLSHandshake.version(in: context)))
    }
}
