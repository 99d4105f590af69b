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
    ///   - gate: The way to the loop that the channel belongs to, open as long as the client lives.
    ///   - initialize: Called once, before the channel is active.
    /// - Returns: The channel, once it is connected.
    func connect(
        to address: BrokerAddress,
        timeout: TimeAmount,
        through gate: LoopGate,
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
        through gate: LoopGate,
        initialize: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) -> EventLoopFuture<any Channel> {
        var bootstrap = ClientBootstrap(group: gate.eventLoop)
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
        // Nothing is looked up for an address.
        if let literal = try? SocketAddress(ipAddress: address.host, port: address.port) {
            return bootstrap.connect(to: literal)
        }
        return bootstrap.resolver(HostResolver(gate)).connect(host: address.host, port: address.port)
    }
}
