// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Makes channels for attempts to connect. No two attempts of a client have the same number.
struct ConnectionAttempts {
    private let connector: any Connector
    private let tls: TLSContext?
    private let eventLoop: any EventLoop
    private var count = 0

    init(_ connector: any Connector, tls: TLSContext?, on eventLoop: any EventLoop) {
        self.connector = connector
        self.tls = tls
        self.eventLoop = eventLoop
    }

    /// A number for the next attempt.
    mutating func begin() -> Int {
        count += 1
        return count
    }

    /// Begins to make a channel; `connections` gets the outcome.
    ///
    /// An attempt does not hold the connections: when the event loop ends while a name is looked up, nothing is ever heard of
    /// the attempt, and what it holds would stay.
    func open(
        _ id: BrokerConnection.ID,
        to address: BrokerAddress,
        timeout: TimeAmount,
        for connections: BrokerConnections
    ) {
        let owner = NIOLoopBound(WeakConnections(connections: connections), eventLoop: eventLoop)
        let tls = tls
        connector.connect(to: address, timeout: timeout, on: eventLoop) { channel in
            channel.eventLoop.makeCompletedFuture {
                guard let connections = owner.value.connections else {
                    throw ConnectionError(reason: "the client has closed")
                }
                let handshake = tls.map { TLSHandshake($0, host: address.host, on: channel.eventLoop) }
                try handshake?.addHandlers(to: channel)
                try channel.pipeline.syncOperations.addHandlers([
                    ByteToMessageHandler(ResponseDecoder()),
                    ConnectionHandler(attempt: id, handshake: handshake, connections: connections),
                ])
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
