// SPDX-License-Identifier: Apache-2.0
public import Logging
import NIOCore
import NIOPosix

/// A small Kafka cluster inside the process, for trying things out and for tests: it speaks the Kafka protocol to any
/// client over TCP, checks what it is sent as a real broker does, and keeps it in memory or in Kafka's own segment files.
///
/// There are transactions, consumer groups and replicas. All brokers of the cluster share one event loop.
///
///     let broker = try await EmbeddedBroker.start()
///     // … a producer with bootstrap.servers = broker.bootstrapServers …
///     let records = try await broker.records(topic: "orders", partition: 0)
///     await broker.stop()
public final class EmbeddedBroker: Sendable {
    /// `host:port` of each broker as it is advertised, as for Kafka's `bootstrap.servers`.
    public let bootstrapServers: [String]
    /// The port that each broker listens on, in the order of their node ids.
    public let ports: [Int]
    /// `host:port` of each broker's plaintext listener, if there is one beside that of `bootstrapServers`.
    public let plaintextServers: [String]
    /// Where browsers find the page that shows the cluster, as a URL; nil without ``Configuration/uiPort``.
    public let uiAddress: String?

    let eventLoop: any EventLoop
    let server: NIOLoopBound<Server>

    /// The threads of all embedded brokers in this process, apart from those of clients. They live as long as it does.
    private static let group = MultiThreadedEventLoopGroup(numberOfThreads: System.coreCount)

    private init(
        eventLoop: any EventLoop,
        server: NIOLoopBound<Server>,
        configuration: Configuration,
        ports: [ListenerKind: [Int]],
        uiAddress: String?
    ) {
        self.uiAddress = uiAddress
        self.eventLoop = eventLoop
        self.server = server
        self.ports = ports[.main] ?? []
        let host = configuration.hostForClients
        let address = { (port: Int) in host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
        bootstrapServers = self.ports.enumerated().map { index, port in
            address(configuration.advertisedPort(ofBroker: index, listeningOn: port))
        }
        plaintextServers = (ports[.plaintext] ?? []).map(address)
    }

    /// Starts a cluster. When this returns, all its brokers take connections.
    ///
    /// - Parameters:
    ///   - configuration: How it is set up.
    ///   - logger: Gets at level info what happens, and at debug each request.
    /// - Throws: When a setting is impossible, a port is taken, or the data directory is in use or damaged.
    /// - Returns: The running cluster. It runs until `stop()`.
    public static func start(
        _ configuration: Configuration = Configuration(),
        logger: Logger = Logger(label: "kafka.embedded-broker")
    ) async throws(EmbeddedBrokerError) -> EmbeddedBroker {
        try await start(configuration, logger: logger, disk: Disk())
    }

    /// Starts a cluster whose writes a test can count, or let fail.
    static func start(
        _ configuration: Configuration,
        logger: Logger,
        disk: Disk
    ) async throws(EmbeddedBrokerError) -> EmbeddedBroker {
        if let objection = configuration.objection {
            throw EmbeddedBrokerError(.invalidConfiguration, objection)
        }
        let eventLoop = group.next()
        let tls = try configuration.security.tls?.makeContext()
        do {
            let server = try await eventLoop.submit {
                let cluster = try Cluster(configuration: configuration, logger: logger, disk: disk)
                return NIOLoopBound(
                    Server(cluster: cluster, tls: tls, eventLoop: eventLoop, logger: logger),
                    eventLoop: eventLoop
                )
            }.get()
            return try await start(server, configuration, on: eventLoop, logger: logger)
        } catch {
            throw error as? EmbeddedBrokerError ?? EmbeddedBrokerError(.cannotListen, "\(ListeningFailure(error))")
        }
    }

    /// Closes all connections and listeners and lets go of the data directory. What was acknowledged stays there.
    public func stop() async {
        try? await Self.close(server, on: eventLoop)
    }

    private static func start(
        _ server: NIOLoopBound<Server>,
        _ configuration: Configuration,
        on eventLoop: any EventLoop,
        logger: Logger
    ) async throws -> EmbeddedBroker {
        var ports: [ListenerKind: [Int]] = [:]
        var uiAddress: String?
        do {
            let kinds: [ListenerKind] = configuration.plaintextPort == nil ? [.main] : [.main, .plaintext]
            for kind in kinds {
                for nodeID in 1...Int32(configuration.brokers) {
                    try await eventLoop.flatSubmit { server.value.listen(nodeID, kind) }.get()
                }
            }
            ports = try await eventLoop.submit { server.value.ports }.get()
            if let path = configuration.controlSocket {
                try await eventLoop.flatSubmit { server.value.listenForControl(at: path) }.get()
            }
            if let port = configuration.uiPort {
                try await eventLoop.flatSubmit { server.value.listenForPage(configuration.uiHost, port) }.get()
            }
            uiAddress = try await eventLoop.submit {
                server.value.open()
                return server.value.cluster.uiAddress
            }.get()
        } catch {
            try? await close(server, on: eventLoop)
            throw error
        }
        logger.info(
            "embedded broker started",
            metadata: [
                "ports": "\(ports[.main] ?? [])", "protocol": "\(configuration.security.securityProtocol)",
                "dataDirectory": "\(configuration.dataDirectory ?? "none, in memory")",
            ]
        )
        return EmbeddedBroker(
            eventLoop: eventLoop,
            server: server,
            configuration: configuration,
            ports: ports,
            uiAddress: uiAddress
        )
    }

    private static func close(_ server: NIOLoopBound<Server>, on eventLoop: any EventLoop) async throws {
        try await eventLoop.flatSubmit { server.value.close() }.get()
    }
}
