// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// The connection to one broker: a ``ConnectionMachine`` with its channel. Belongs to the sender and its event loop.
final class BrokerConnection {
    /// Tells one attempt to connect from the next, so that news of an old channel is not taken for the new one's. No two
    /// attempts of a sender have the same number, be it that they are to another address of the same node.
    struct ID: Hashable, Sendable {
        let node: Int32
        let attempt: Int
    }

    let node: Int32
    let address: BrokerAddress
    var machine = ConnectionMachine()
    /// Whether it ever took requests.
    private(set) var hasBeenReady = false
    /// Attempts that have failed since it took requests last.
    private(set) var failedAttempts = 0
    private(set) var attempt = 0
    private(set) var channel: (any Channel)?
    /// The second one beside one that stays silent, while neither has answered.
    private(set) var hedge: Hedge?
    /// When the second one is due.
    var setup: HedgedSetup
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

    /// A second attempt beside the first.
    struct Hedge: ~Copyable {
        let attempt: Int
        var machine: ConnectionMachine
        var channel: (any Channel)?
    }

    init(node: Int32, address: BrokerAddress, hedgeDelay: TimeAmount = .seconds(1)) {
        self.node = node
        self.address = address
        setup = HedgedSetup(delay: hedgeDelay)
    }

    var id: ID { ID(node: node, attempt: attempt) }

    func beginAttempt(_ number: Int, now: NIODeadline) -> ID {
        attempt = number
        lastAttempt = now
        setup.attemptBegan(now: now)
        return id
    }

    func opened(_ channel: any Channel) { self.channel = channel }

    /// It takes requests now.
    func becameReady() {
        hasBeenReady = true
        failedAttempts = 0
    }

    /// An attempt has come to nothing.
    func attemptFailed() { failedAttempts += 1 }

    /// The attempt, or the connection, has come to its end.
    ///
    /// - Returns: its channels, which are to be closed and counted.
    func ended() -> [any Channel] {
        isWriting = false
        let channels = [channel.take(), endHedge()]
        return channels.compactMap { $0 }
    }

    // MARK: the second attempt

    /// Begins a second attempt, if the first one is still on its way.
    func beginHedge(_ number: Int) -> ID? {
        guard let machine = machine.another() else { return nil }
        hedge = Hedge(attempt: number, machine: machine)
        return ID(node: node, attempt: number)
    }

    func isHedge(_ id: ID) -> Bool { hedge?.attempt == id.attempt && id.node == node }

    /// The second attempt's channel is there; returns what to do with it.
    func hedgeOpened(_ channel: any Channel, latestVersion: Int16) -> ConnectionMachine.ConnectedAction {
        guard var hedge = hedge.take() else { return .close }
        hedge.channel = channel
        let action = hedge.machine.connected(latestVersion: latestVersion)
        self.hedge = consume hedge
        return action
    }

    /// The second attempt takes the first one's place.
    ///
    /// - Returns: the first one's channel, which is to be closed and counted.
    func promoteHedge() -> (any Channel)? {
        guard let hedge = hedge.take() else { return nil }
        let loser = channel
        attempt = hedge.attempt
        channel = hedge.channel
        machine = hedge.machine
        return loser
    }

    /// Gives the second attempt up: the first one has answered, or both have come to an end.
    ///
    /// - Returns: its channel, which is to be closed and counted.
    func endHedge() -> (any Channel)? {
        setup.attemptEnded()
        guard let hedge = hedge.take() else { return nil }
        return hedge.channel
    }

    /// How many channels it holds.
    var channelCount: Int { (channel == nil ? 0 : 1) + (hedge?.channel == nil ? 0 : 1) }

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
