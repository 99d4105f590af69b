// SPDX-License-Identifier: Apache-2.0
import Logging
import NIOCore

/// Begins attempts to connect, and makes channels for them. No two attempts of a client have the same number.
final class ConnectionAttempts {
    private let connector: any Connector
    private let tls: TLSContext?
    private let patience: ConnectionPatience
    private let eventLoop: any EventLoop
    private let logger: Logger
    private var count = 0

    init(_ connector: any Connector, _ settings: ClientSettings, on eventLoop: any EventLoop, logger: Logger) {
        self.connector = connector
        self.eventLoop = eventLoop
        self.logger = logger
        tls = settings.security.tls
        patience = ConnectionPatience(settings)
    }

    /// Begins an attempt, if it is time for one; `connections` gets the outcome.
    func begin(_ connection: BrokerConnection, now: NIODeadline, for connections: BrokerConnections) {
        guard connection.machine.mayConnect(now: now) else { return }
        connection.machine.connectRequested(now: now, setupTimeout: patience.setupTimeout)
        let id = connection.beginAttempt(number(), now: now)
        logger.debug("connecting", metadata: ["broker": "\(connection.address)"])
        open(id, to: connection, now: now, for: connections)
    }

    /// Begins a second attempt, if the first one has been silent for too long; `connections` gets the outcome.
    func beginSecond(_ connection: BrokerConnection, now: NIODeadline, for connections: BrokerConnections) {
        guard connection.setup.takeDue(now: now), let id = connection.beginHedge(number()) else { return }
        logger.debug("connecting once more", metadata: ["broker": "\(connection.address)"])
        open(id, to: connection, now: now, for: connections)
    }

    private func number() -> Int {
        count += 1
        return count
    }

    /// Begins to make a channel.
    ///
    /// An attempt does not hold the connections: when the event loop ends while a name is looked up, nothing is ever heard of
    /// the attempt, and what it holds would stay.
    private func open(
        _ id: BrokerConnection.ID,
        to connection: BrokerConnection,
        now: NIODeadline,
        for connections: BrokerConnections
    ) {
        let owner = NIOLoopBound(Weak(connections), eventLoop: eventLoop)
        let (tls, address) = (tls, connection.address)
        let deadline = connection.machine.nextExpiry(maximumIdle: patience.maximumIdle) ?? now
        let timeout = max(.milliseconds(1), deadline - now)
        connector.connect(to: address, timeout: timeout, through: connections.gate) { channel in
            channel.eventLoop.makeCompletedFuture {
                guard let connections = owner.value.object else {
                    throw ConnectionError(reason: "the client has closed")
                }
                let handshake = tls.map { TLSHandshake($0, host: address.host, through: connections.gate) }
                try handshake?.addHandlers(to: channel)
                try channel.pipeline.syncOperations.addHandler(
                    ConnectionHandler(attempt: id, handshake: handshake, connections: connections)
                )
            }
        }
        .assumeIsolated()
        .whenComplete { [weak connections] result in
            switch result {
            case .success(let channel):
                if let connections { connections.opened(channel, id: id) } else { channel.close(promise: nil) }
            case .failure(let error): connections?.lost(id, ConnectionLoss(error))
            }
        }
    }
}
