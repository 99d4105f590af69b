// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// The connection to one broker: a ``ConnectionMachine`` with its channel. Belongs to the sender and its event loop.
final class BrokerConnection {
    /// Tells one attempt to connect from the next, so that news of an old channel is not taken for the new one's.
    struct ID: Hashable, Sendable {
        let node: Int32
        let attempt: Int
    }

    let node: Int32
    let address: BrokerAddress
    var machine = ConnectionMachine()
    private(set) var attempt = 0
    private(set) var channel: (any Channel)?
    /// Whether a request is not yet written out. No other is sent meanwhile: what waits gathers more records, and its
    /// time to be answered in does not run.
    var isWriting = false
    /// No requests before this time: the broker asked for it (KIP-219).
    var throttledUntil: NIODeadline?
    var lastAttempt: NIODeadline = .uptimeNanoseconds(0)
    /// Since when batches could have been sent, but the connection was not ready to take them.
    var blockedSince: NIODeadline?
    /// Where the last drain stopped, so that the next one begins with others.
    var drainIndex = 0

    init(node: Int32, address: BrokerAddress) {
        self.node = node
        self.address = address
    }

    var id: ID { ID(node: node, attempt: attempt) }

    func beginAttempt(now: NIODeadline) -> ID {
        attempt += 1
        lastAttempt = now
        return id
    }

    func opened(_ channel: any Channel) { self.channel = channel }

    /// - Returns: whether there was a connection.
    func ended() -> Bool {
        isWriting = false
        return channel.take() != nil
    }

    /// Has the system acknowledge at once what was read, if more answers are to come.
    ///
    /// It waits up to 40 ms otherwise, for a request that the acknowledgement can ride on. A broker, or a proxy, that
    /// does not set `TCP_NODELAY` holds its next answer back for as long. Linux forgets this with the next request, so it
    /// is asked for after each read.
    func acknowledgeRead() {
        #if os(Linux)
            guard machine.inFlightCount > 0 else { return }
            // A channel that cannot do it is only slower.
            try? channel?.syncOptions?.setOption(Self.quickAcknowledgement, value: 1)
        #endif
    }

    #if os(Linux)
        /// Linux's `TCP_QUICKACK`, see tcp(7).
        private static let quickAcknowledgement = ChannelOptions.Types.SocketOption(
            level: .tcp,
            name: .init(rawValue: 12)
        )
    #endif

    /// How busy it is: one that is not writing is less so than any that is.
    var load: (Int, Int) { (isWriting ? 1 : 0, machine.inFlightCount) }

    /// Whether a produce request may be sent now.
    func mayProduce(now: NIODeadline, maxInFlight: Int) -> Bool {
        guard machine.isReady, !isWriting, machine.inFlightCount < maxInFlight else { return false }
        return throttledUntil.map { $0 <= now } ?? true
    }
}
