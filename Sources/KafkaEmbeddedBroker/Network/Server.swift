// SPDX-License-Identifier: Apache-2.0
import Logging
import NIOCore
import NIOPosix
import NIOSSL

/// The listeners and connections of all brokers of an embedded cluster, on one event loop.
final class Server {
    let cluster: Cluster
    private let dispatcher: RequestDispatcher
    let eventLoop: any EventLoop
    private let logger: Logger
    private var listeners: [NodeListener] = []
    /// The ports that the brokers listen on, in the order of their node ids; clients may be told of others.
    private(set) var ports: [ListenerKind: [Int]] = [:]
    /// Certificate and rules of new connections to a listener with TLS; nil without TLS.
    var tls: NIOSSLContext?
    private let users: SASLUsers
    /// Who deletes and compacts what is old.
    let logKeeper: LogKeeper
    private var connections: [ObjectIdentifier: (channel: any Channel, nodeID: Int32)] = [:]
    /// Node ids of the brokers that take no new connections though they run.
    private var refusing: Set<Int32> = []
    private var lastConnectionID = 0
    /// What requests may take of each broker's memory, by the brokers' node ids.
    private var requestMemories: [Int32: RequestMemory] = [:]
    /// The socket at which the cluster is told what to do, and its path.
    private var control: (channel: any Channel, path: String)?
    /// Who answers browsers, the socket at which they are listened for, and how many connections they have.
    let pageService: PageService
    var page: (any Channel)?
    var pageConnections = 0
    /// Whether the cluster was stopped.
    private(set) var isClosed = false

    /// Reads a connection in pieces that are as large as what comes: each connection keeps the memory for its next one.
    private static let reading = AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 4096, maximum: 256 * 1024)

    init(cluster: Cluster, tls: NIOSSLContext?, eventLoop: any EventLoop, logger: Logger) {
        self.cluster = cluster
        self.tls = tls
        users = SASLUsers(cluster.configuration.security.users)
        self.eventLoop = eventLoop
        self.logger = logger
        logKeeper = LogKeeper(cluster: cluster, eventLoop: eventLoop)
        pageService = PageService(cluster)
        dispatcher = RequestDispatcher(cluster: cluster, eventLoop: eventLoop, logger: logger)
        dispatcher.nodes = self
    }

    /// Listens for a broker, without accepting connections yet. To be called in the order of the node ids, and for the
    /// main listeners first.
    func listen(_ nodeID: Int32, _ kind: ListenerKind) -> EventLoopFuture<Void> {
        let listener = NodeListener(nodeID: nodeID, kind: kind)
        listeners.append(listener)
        let configuration = cluster.configuration
        let firstPort = kind == .main ? configuration.port : configuration.plaintextPort ?? 0
        let port = firstPort == 0 ? 0 : firstPort + Int(nodeID) - 1
        return bootstrap(listener).serverChannelOption(.autoRead, value: false)
            .bind(host: configuration.host, port: port)
            .assumeIsolated()
            .map { channel in
                listener.listens(channel)
                self.ports[kind, default: []].append(listener.port)
                self.announce(listener)
            }
            .flatMapErrorThrowing { error in
                throw EmbeddedBrokerError(
                    .cannotListen,
                    "cannot listen on \(configuration.host):\(port): \(ListeningFailure(error))"
                )
            }
            .nonisolated()
    }

    /// Listens for who tells the cluster what to do.
    func listenForControl(at path: String) -> EventLoopFuture<Void> {
        let server = NIOLoopBound(self, eventLoop: eventLoop)
        return ServerBootstrap(group: eventLoop)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ControlHandler(server: server.value))
                    server.value.keep(channel)
                }
            }
            .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true)
            .assumeIsolated()
            .map { channel in self.control = (channel, path) }
            .flatMapErrorThrowing { error in
                throw EmbeddedBrokerError(
                    .cannotListen,
                    "cannot listen for broker ctl at \(path): \(ListeningFailure(error))"
                )
            }
            .nonisolated()
    }

    /// Takes note of the address that clients are told.
    private func announce(_ listener: NodeListener) {
        let configuration = cluster.configuration
        let index = Int(listener.nodeID) - 1
        switch listener.kind {
        case .main:
            let port = configuration.advertisedPort(ofBroker: index, listeningOn: listener.port)
            cluster.nodes.append(Node(id: listener.nodeID, host: configuration.hostForClients, port: port))
        case .plaintext: cluster.nodes.setPlaintextPort(listener.port, of: listener.nodeID)
        }
    }

    /// Who ends transactions, and looks at the clock.
    var transactions: TransactionCoordinator { dispatcher.transactions }

    /// Who looks after the members of groups.
    var groups: GroupCoordinator { dispatcher.groups }

    /// Lets clients in, now that all brokers are known.
    func open() {
        transactions.start()
        groups.start()
        logKeeper.start()
        cluster.replicator.start()
        for listener in listeners { listener.open() }
    }

    /// Closes all listeners and all connections, and lets go of the data directory. Nothing is left to do the second
    /// time.
    func close() -> EventLoopFuture<Void> {
        isClosed = true
        transactions.stop()
        groups.stop()
        logKeeper.stop()
        cluster.replicator.stop()
        cluster.flusher.eventLoop = nil
        cluster.nodes.loseWhatIsInHand()
        let channels =
            listeners.compactMap { $0.close() } + connections.values.map(\.channel)
            + [control?.channel, page].compactMap { $0 }
        if let control { Directory.removeFile(control.path) }
        let closed = EventLoopFuture.andAllComplete(channels.map { channel in channel.close() }, on: eventLoop)
        return closed.assumeIsolated().map { self.cluster.close() }.nonisolated()
    }

    /// Lets a broker listen again, unless it is down or refuses connections.
    ///
    /// - Returns: When it listens, or at once.
    func listenAgain(_ nodeID: Int32) -> EventLoopFuture<Void> {
        guard !isClosed, cluster.nodes.isUp(nodeID), !refusing.contains(nodeID) else {
            return eventLoop.makeSucceededVoidFuture()
        }
        let resumed = listeners(of: nodeID).compactMap { listener in
            listener.resume(bootstrap(listener))?.assumeIsolated().map { channel in
                listener.listens(channel)
                guard self.cluster.nodes.isUp(nodeID), !self.refusing.contains(nodeID) else {
                    return listener.suspend()
                }
            }.nonisolated()
        }
        return EventLoopFuture.andAllSucceed(resumed, on: eventLoop)
    }

    private func listeners(of nodeID: Int32) -> [NodeListener] {
        listeners.filter { $0.nodeID == nodeID }
    }

    private func bootstrap(_ listener: NodeListener) -> ServerBootstrap {
        let (nodeID, kind) = (listener.nodeID, listener.kind)
        let server = NIOLoopBound(self, eventLoop: eventLoop)
        return ServerBootstrap(group: eventLoop)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.recvAllocator, value: Self.reading)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try server.value.accept(channel, nodeID: nodeID, kind)
                    channel.closeFuture.whenComplete { _ in server.value.closed(channel) }
                }
            }
    }

    /// Makes a new connection ready to be served.
    private func accept(_ channel: any Channel, nodeID: Int32, _ kind: ListenerKind) throws {
        lastConnectionID += 1
        var connection = Connection(
            id: lastConnectionID,
            nodeID: nodeID,
            peer: channel.remoteAddress?.description ?? "unknown",
            listener: kind,
            host: channel.remoteAddress?.ipAddress ?? "unknown"
        )
        let security = cluster.configuration.security
        if kind == .main, !security.mechanisms.isEmpty {
            connection.login = ConnectionLogin(SASLLogin(security, users: users))
        }
        guard cluster.nodes.isUp(nodeID) else { throw ChannelError.eof }
        let fault = dispatcher.fault(of: connection)
        let isServed = try begin(channel, with: fault)
        connections[ObjectIdentifier(channel)] = (channel, nodeID)
        guard isServed else { return }
        let handler = ConnectionHandler(
            connection: connection,
            dispatcher: dispatcher,
            memory: requestMemory(of: nodeID),
            maximumFrameSize: cluster.configuration.requestMaxBytes,
            asksForCertificate: kind == .main && security.tls?.clientCA != nil,
            longestIdle: TimeAmount(cluster.configuration.connectionsMaxIdle),
            logger: logger
        )
        if kind == .main, let tls {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
        }
        try channel.pipeline.syncOperations.addHandler(handler)
        logger.debug("connected", metadata: connection.metadata)
    }

    /// What the requests to a broker may take together.
    func requestMemory(of nodeID: Int32) -> RequestMemory {
        if let memory = requestMemories[nodeID] { return memory }
        let limit = cluster.configuration.queuedMaxRequestBytes
        let memory = RequestMemory(limit: limit < 0 ? nil : limit, eventLoop: eventLoop)
        requestMemories[nodeID] = memory
        return memory
    }

    /// Lets happen what a fault wants of a new connection; false when it is not to be served.
    private func begin(_ channel: any Channel, with fault: ConnectionFault?) throws -> Bool {
        switch fault {
        case nil: return true
        case .drop: throw ChannelError.eof
        case .stall: return false
        case .alert(let number):
            let record = ByteBuffer(bytes: [0x15, 0x03, 0x03, 0x00, 0x02, 0x02, number])
            try channel.pipeline.syncOperations.addHandler(LastWords(record))
            return false
        case .closeAfter(let bytes):
            try channel.pipeline.syncOperations.addHandler(CutOff(after: bytes))
            return true
        case .certificate(let certificate):
            do throws(EmbeddedBrokerError) {
                try change(certificate)
            } catch {
                logger.error("certificate was not changed", metadata: ["error": "\(error)"])
            }
            return true
        }
    }

    /// Shows clients that connect from now on another certificate; what is asked of theirs stays as it is.
    func change(_ certificate: EmbeddedBroker.TLS) throws(EmbeddedBrokerError) {
        guard let former = cluster.configuration.security.tls else {
            throw EmbeddedBrokerError(.invalidConfiguration, "the broker has no TLS whose certificate could be changed")
        }
        var changed = certificate
        changed.clientCA = former.clientCA
        changed.clientAuthentication = former.clientAuthentication
        tls = try changed.makeContext()
        logger.info("certificate changed")
    }

    /// Remembers a connection that is not to a broker, until it is closed.
    func keep(_ channel: any Channel) {
        let server = NIOLoopBound(self, eventLoop: eventLoop)
        connections[ObjectIdentifier(channel)] = (channel, 0)
        channel.closeFuture.whenComplete { _ in server.value.closed(channel) }
    }

    /// Forgets a connection that was closed.
    private func closed(_ channel: any Channel) {
        connections[ObjectIdentifier(channel)] = nil
    }
}

extension Server: NodeControl {
    func takeDown(_ nodeID: Int32, _ ending: NodeEnding) {
        guard cluster.nodes.isUp(nodeID) else { return }
        cluster.wentDown(nodeID, ending)
        for listener in listeners(of: nodeID) { listener.suspend() }
        for connection in connections.values where connection.nodeID == nodeID {
            connection.channel.close(promise: nil)
        }
        logger.info("broker down", metadata: ["node": "\(nodeID)"])
    }

    func freeze(_ nodeID: Int32) {
        guard cluster.nodes.isUp(nodeID) else { return }
        cluster.freeze(nodeID)
        logger.info("broker frozen", metadata: ["node": "\(nodeID)"])
    }

    func thaw(_ nodeID: Int32) {
        guard cluster.nodes[id: nodeID]?.isFrozen == true, !isClosed else { return }
        cluster.thaw(nodeID)
        logger.info("broker thawed", metadata: ["node": "\(nodeID)"])
        for connection in connections.values where connection.nodeID == nodeID {
            connection.channel.pipeline.syncOperations.fireUserInboundEventTriggered(Thaw())
        }
    }

    func bringUp(_ nodeID: Int32) {
        guard !cluster.nodes.isUp(nodeID), !isClosed else { return }
        cluster.cameUp(nodeID)
        logger.info("broker up", metadata: ["node": "\(nodeID)"])
        report(listenAgain(nodeID), nodeID)
    }

    func refuseConnections(_ nodeID: Int32) {
        refusing.insert(nodeID)
        for listener in listeners(of: nodeID) { listener.suspend() }
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
