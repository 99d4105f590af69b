// SPDX-License-Identifier: Apache-2.0
import Foundation
import NIOCore
import NIOPosix

/// The end of a connection's pipeline: hands whole responses and the connection's end to the sender.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: BrokerConnection.ID
    private let sender: Sender
    private var reason: String?

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
        if reason == nil { reason = describe(error) }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        let connection = connection
        let reason = reason ?? "the broker closed the connection"
        sender.assumeIsolated { $0.closed(connection, reason: reason) }
    }
}

/// An error in the words of the operating system, without the wrapping.
func describe(_ error: any Error) -> String {
    switch error {
    case let error as NIOConnectionError:
        if let first = error.connectionErrors.first { return describe(first.error) }
        if let dns = error.dnsAError ?? error.dnsAAAAError { return "the host name could not be resolved (\(dns))" }
        return "the host name has no address"
    case let error as IOError:
        return unsafe String(cString: strerror(error.errnoCode))
    case let error as ChannelError:
        if case .connectTimeout(let timeout) = error {
            return "no answer within \(timeout.nanoseconds / 1_000_000) ms"
        }
        return "\(error)"
    default:
        return "\(error)"
    }
}
