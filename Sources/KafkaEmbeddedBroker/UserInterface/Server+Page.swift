// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOHTTP1
import NIOPosix

/// The page that shows a person what runs where.
extension Server {
    /// Connections to the page at once; further ones are closed.
    static let mostPageConnections = 64

    /// Listens for browsers.
    func listenForPage(_ host: String, _ port: Int) -> EventLoopFuture<Void> {
        let server = NIOLoopBound(self, eventLoop: eventLoop)
        return ServerBootstrap(group: eventLoop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: false)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try server.value.acceptForPage(channel) }
            }
            .bind(host: host, port: port)
            .assumeIsolated()
            .map { channel in
                self.page = channel
                let port = channel.localAddress?.port ?? port
                self.cluster.uiAddress = "http://\(host.contains(":") ? "[\(host)]" : host):\(port)/"
            }
            .flatMapErrorThrowing { error in
                throw EmbeddedBrokerError(
                    .cannotListen,
                    "cannot listen for browsers on \(host):\(port): \(ListeningFailure(error))"
                )
            }
            .nonisolated()
    }

    private func acceptForPage(_ channel: any Channel) throws {
        guard pageConnections < Self.mostPageConnections else { throw ChannelError.eof }
        pageConnections += 1
        keep(channel)
        let server = NIOLoopBound(self, eventLoop: eventLoop)
        channel.closeFuture.whenComplete { _ in server.value.pageConnections -= 1 }
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(PageLimit())
        try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: false, withErrorHandling: true)
        try pipeline.addHandler(PageHandler(pageService))
    }
}
