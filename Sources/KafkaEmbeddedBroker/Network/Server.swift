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
    private var listeners: [any Channel] = []
    private var connections: [ObjectIdentifier: any Channel] = [:]
    private var lastConnectionID = 0
    /// Whether the cluster was stopped.
    private(set) var isClosed = false

    init(cluster: Cluster, eventLoop: any EventLoop, logger: Logger) {
        self.cluster = cluster
        self.eventLoop = eventLoop
        self.logger = logger
        dispatcher = RequestDispatcher(cluster: cluster, eventLoop: eventLoop, logger: logger)
    }

    /// Makes a new connection ready to be served.
    func accept(_ channel: any Channel, nodeID: Int32) throws {
        lastConnectionID += 1
        let connection = Connection(
            id: lastConnectionID,
            nodeID: nodeID,
            peer: channel.remoteAddress?.description ?? "unknown"
        )
        let handler = ConnectionHandler(
            connection: connection,
            dispatcher: dispatcher,
            maximumFrameSize: cluster.configuration.requestMaxBytes,
            logger: logger
        )
        try channel.pipeline.syncOperations.addHandler(handler)
        connections[ObjectIdentifier(channel)] = channel
        logger.debug("connected", metadata: connection.metadata)
    }

    /// Forgets a connection that was closed.
    func closed(_ channel: any Channel) {
        connections[ObjectIdentifier(channel)] = nil
    }

    /// Takes the listener of the next broker, in the order of their node ids.
    func add(_ listener: any Channel) {
        let port = cluster.configuration.advertisedPort(
            ofBroker: listeners.count,
            listeningOn: listener.localAddress?.port ?? 0
        )
        listeners.append(listener)
        cluster.nodes.append(
            Node(id: Int32(listeners.count), host: cluster.configuration.advertisedHost, port: port)
        )
    }

    /// Lets clients in, now that all brokers are known.
    func open() {
        for listener in listeners { listener.setOption(.autoRead, value: true).whenFailure { _ in } }
    }

    /// Closes all listeners and all connections, and lets go of the data directory. Nothing is left to do the second
    /// time.
    func close() -> EventLoopFuture<Void> {
        isClosed = true
        let channels = listeners + connections.values
        let closed = EventLoopFuture.andAllComplete(channels.map { channel in channel.close() }, on: eventLoop)
        return closed.assumeIsolated().map { self.cluster.close() }.nonisolated()
    }
}
