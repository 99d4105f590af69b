// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Logging
import NIOCore

/// Setting connections up: the second attempt beside a silent one, and peers that turn out to be no brokers.
extension Sender {
    /// Begins a second attempt where the first one has been silent for too long.
    func hedgeConnections(now: NIODeadline) {
        for connection in connections.values where connection.setup.dueAt != nil {
            guard connection.setup.takeDue(now: now), let id = connection.beginHedge(nextAttempt()) else { continue }
            logger.debug("connecting once more", metadata: ["broker": "\(connection.address)"])
            open(id, to: connection, now: now)
        }
    }

    /// A number for an attempt to connect.
    func nextAttempt() -> Int {
        attempts += 1
        return attempts
    }

    /// The connection on which a response came: of two attempts the one that answers first is kept.
    func answering(_ id: BrokerConnection.ID) -> BrokerConnection? {
        guard let connection = connections[id.node] else { return nil }
        if connection.isHedge(id) { takeHedge(of: connection) }
        guard connection.id == id else { return nil }
        if let loser = connection.endHedge() { dispose(of: loser, now: .now()) }
        return connection
    }

    private func takeHedge(of connection: BrokerConnection) {
        guard let loser = connection.promoteHedge() else { return }
        dispose(of: loser, now: .now())
    }

    /// A connection could not be made, or ended although this side wanted it.
    func lost(_ id: BrokerConnection.ID, _ loss: ConnectionLoss) {
        guard !isClosed, let connection = connections[id.node] else { return }
        if connection.isHedge(id) {
            if let channel = connection.endHedge() { dispose(of: channel, now: .now()) }
            return
        }
        guard connection.id == id else { return }
        if let mismatch = loss.mismatch { return close(connection, mismatch) }
        guard connection.hedge == nil else { return takeHedge(of: connection) }
        guard let end = disconnected(connection) else { return }
        let reason = reason(for: loss, end)
        if loss.isByPeer, end.wasMute {
            lastConnectionFailure = (connection.address, reason)
            inspect(connection, .suspected(.login))
        }
        tellEnd(of: connection, end, reason: reason)
        settle(connection, end.failing, reason: reason)
    }

    private func reason(for loss: ConnectionLoss, _ end: ConnectionMachine.Disconnection) -> String {
        guard loss.isByPeer else { return loss.reason }
        if end.wasNegotiating {
            return loss.reason + " before it answered anything; a listener for TLS may do that "
                + "(security.protocol=SSL is not there yet), or a proxy whose broker is not up"
        }
        return end.wasMute
            ? loss.reason + " at the first request; a listener that wants a login does that" : loss.reason
    }

    /// Gives up a connection to what is no broker's plain-text listener.
    func close(_ connection: BrokerConnection, _ mismatch: ListenerMismatch) {
        guard let end = disconnected(connection) else { return }
        let reason = "it \(mismatch)"
        tellEnd(of: connection, end, reason: reason)
        // Damaged bytes may hide one API; they do not make up others.
        inspect(connection, mismatch == .noMetadata ? .suspected(mismatch) : .certain(mismatch))
        settle(connection, end.failing, reason: reason)
    }

    /// Notes a sign. Who waits for a topic need not wait longer once no address of the cluster is of use.
    private func inspect(_ connection: BrokerConnection, _ sign: ListenerInspection.Sign) {
        guard let news = inspection.ended(connection.address, sign, now: .now()) else { return }
        tell(.listenerMismatch(connection.address, news))
        resumeTopicWaiters()
    }
}
