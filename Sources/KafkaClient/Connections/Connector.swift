// SPDX-License-Identifier: Apache-2.0
package import NIOCore
import NIOPosix

/// Makes channels to brokers. Tests put another one in the network's place.
package protocol Connector: Sendable {
    /// Makes a channel to `address` and has `initialize` set up its pipeline.
    ///
    /// - Parameters:
    ///   - address: Where to.
    ///   - timeout: How long that may take.
    ///   - eventLoop: The loop that the channel belongs to.
    ///   - initialize: Called once, before the channel is active.
    /// - Returns: The channel, once it is connected.
    func connect(
        to address: BrokerAddress,
        timeout: TimeAmount,
        on eventLoop: any EventLoop,
        initialize: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) -> EventLoopFuture<any Channel>
}

/// Makes TCP connections.
package struct TCPConnector: Connector {
    private let sendBufferBytes: Int?
    private let receiveBufferBytes: Int?

    package init(_ settings: ClientSettings) {
        sendBufferBytes = settings.sendBufferBytes
        receiveBufferBytes = settings.receiveBufferBytes
    }

    package func connect(
        to address: BrokerAddress,
        timeout: TimeAmount,
        on eventLoop: any EventLoop,
        initialize: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) -> EventLoopFuture<any Channel> {
        var bootstrap = ClientBootstrap(group: eventLoop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(.writeBufferWaterMark, value: .init(low: 1 << 20, high: 8 << 20))
            .connectTimeout(timeout)
            .channelInitializer(initialize)
        if let bytes = sendBufferBytes {
            bootstrap = bootstrap.channelOption(.socketOption(.so_sndbuf), value: .init(bytes))
        }
        if let bytes = receiveBufferBytes {
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: .init(bytes))
        }
        return bootstrap.connect(host: address.host, port: address.port)
    }
}
