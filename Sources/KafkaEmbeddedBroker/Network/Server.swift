// SPDX-License-Identifier: Apache-2.0
import Logging
import NIOCore
import NIOPosix

/// The listeners and connections of all brokers of an embedded cluster, on one event loop.
final class Server {
    let cluster: Cluster
    private let dispatcher: RequestDispatcher
    private let eventLoop: any EventLoop
    private let logger: Logger
    private var listeners: [NodeListener] = []
    /// The ports that the brokers listen on, in the order of their node ids; clients may be told of others.
    private(set) var ports: [Int] = []
    private var connections: [ObjectIdentifier: (channel: any Channel, nodeID: Int32)] = [:]
    /// Node ids of the brokers that take no new connections though they run.
    private var refusing: Set<Int32> = []
    private var lastConnectionID = 0
    /// Whether the cluster was stopped.
    private(set) var isClosed = false

    /// Bytes that are read from a connection at once.
    private static let readSize = 256 * 1024

    init(cluster: Cluster, eventLoop: any EventLoop, logger: Logger) {
        self.cluster = cluster
        self.eventLoop = eventLoop
        self.logger = logger
        dispatcher = RequestDispatcher(cluster: cluster, eventLoop: eventLoop, logger: logger)
        dispatcher.nodes = self
    }

    /// Listens for the next broker, in the order of their node ids, without accepting connections yet.
    func listen() -> EventLoopFuture<Void> {
        let listener = NodeListener(nodeID: Int32(listeners.count + 1))
        listeners.append(listener)
        let configuration = cluster.configuration
        let port = configuration.port == 0 ? 0 : configuration.port + listeners.count - 1
        return bootstrap(listener.nodeID).serverChannelOption(.autoRead, value: false)
            .bind(host: configuration.host, port: port)
            .assumeIsolated()
            .map { channel in
                listener.listens(channel)
                let port = configuration.advertisedPort(
                    ofBroker: Int(listener.nodeID) - 1,
                    listeningOn: listener.port
                )
                self.ports.append(listener.port)
                self.cluster.nodes.append(Node(id: listener.nodeID, host: configuration.advertisedHost, port: port))
            }
            .flatMapErrorThrowing { error in
                throw EmbeddedBrokerError(
                    .cannotListen,
                    "cannot listen on \(configuration.host):\(port): \(ListeningFailure(error))"
                )
            }
            .nonisolated()
    }

    /// Lets clients in, now that all brokers are known.
    func open() {
        for listener in listeners { listener.open() }
    }

    /// Closes all listeners and all connections, and lets go of the data directory. Nothing is left to do the second
    /// time.
    func close() -> EventLoopFuture<Void> {
        isClosed = true
        cluster.loseWhatIsInHand()
        let channels = listeners.compactMap { $0.close() } + connections.values.map(\.channel)
        let closed = EventLoopFuture.andAllComplete(channels.map { channel in channel.close() }, on: eventLoop)
        return closed.assumeIsolated().map { self.cluster.close() }.nonisolated()
    }

    /// Lets a broker listen again, unless it is down or refuses connections.
    ///
    /// - Returns: When it listens, or at once.
    func listenAgain(_ nodeID: Int32) -> EventLoopFuture<Void> {
        guard
            !isClosed, cluster.isUp(nodeID), !refusing.contains(nodeID),
            let listener = listeners.first(where: { $0.nodeID == nodeID }),
            let channel = listener.resume(bootstrap(nodeID))
        else { return eventLoop.makeSucceededVoidFuture() }
        return channel.assumeIsolated().map { channel in
            listener.listens(channel)
            guard self.cluster.isUp(nodeID), !self.refusing.contains(nodeID) else { return listener.suspend() }
        }.nonisolated()
    }

    private func bootstrap(_ nodeID: Int32) -> ServerBootstrap {
        let server = NIOLoopBound(self, eventLoop: eventLoop)
        return ServerBootstrap(group: eventLoop)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: Self.readSize))
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try server.value.accept(channel, nodeID: nodeID)
                    channel.closeFuture.whenComplete { _ in server.value.closed(channel) }
                }
            }
    }

    /// Makes a new connection ready to be served.
    private func accept(_ channel: any Channel, nodeID: Int32) throws {
        lastConnectionID += 1
        let connection = Connection(
            id: lastConnectionID,
            nodeID: nodeID,
            peer: channel.remoteAddress?.description ?? "unknown"
        )
        guard cluster.isUp(nodeID), dispatcher.accepts(connection) else { throw ChannelError.eof }
        let handler = ConnectionHandler(
            connection: connection,
            dispatcher: dispatcher,
            maximumFrameSize: cluster.configuration.requestMaxBytes,
            logger: logger
        )
        try channel.pipeline.syncOperations.addHandler(handler)
        connections[ObjectIdentifier(channel)] = (channel, nodeID)
        logger.debug("connected", metadata: connection.metadata)
    }

    /// Forgets a connection that was closed.
    private func closed(_ channel: any Channel) {
        connections[ObjectIdentifier(channel)] = nil
    }
}

extension Server: NodeControl {
    func takeDown(_ nodeID: Int32, keepingLeaders: Bool) {
        guard cluster.isUp(nodeID) else { return }
        cluster.wentDown(nodeID, keepingLeaders: keepingLeaders)
        listeners.first { $0.nodeID == nodeID }?.suspend()
        for connection in connections.values where connection.nodeID == nodeID {
            connection.channel.close(promise: nil)
        }
        logger.info("broker down", metadata: ["node": "\(nodeID)"])
    }

    func bringUp(_ nodeID: Int32) {
        guard !cluster.isUp(nodeID), !isClosed else { return }
        cluster.cameUp(nodeID)
        logger.info("broker up", metadata: ["node": "\(nodeID)"])
        report(listenAgain(nodeID), nodeID)
    }

    func refuseConnections(_ nodeID: Int32) {
        refusing.insert(nodeID)
        listeners.first { $0.nodeID == nodeID }?.suspend()
    }

    func acceptConnections(_ nodeID: Int32) {
        allowConnections(nodeID)
        report(listenAgain(nodeID), nodeID)
    }

    /// Takes note that a broker may take connections; `listenAgain` is to follow.
    func allowConnections(_ nodeID: Int32) {
        refusing.remove(nodeID)
    }

    private func report(_ listening: EventLoopFuture<Void>, _ nodeID: Int32) {
        let logger = logger
        listening.whenFailure { error in
            logger.error(
                "broker cannot listen again",
                metadata: ["node": "\(nodeID)", "error": "\(ListeningFailure(error))"]
            )
        }
    }
}
