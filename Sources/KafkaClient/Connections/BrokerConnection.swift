// SPDX-License-Identifier: Apache-2.0
package import KafkaProtocol
package import NIOCore

/// The connection to one broker: a ``ConnectionMachine`` with its channel, and a second one while the first one is silent.
/// Belongs to ``BrokerConnections`` and its event loop; others may look.
package final class BrokerConnection {
    /// Distinguishes one attempt to connect from the next, so that news of an old channel is not taken for the new one's. No two
    /// attempts of a client have the same number, be it that they are to another address of the same node.
    package struct ID: Hashable, Sendable {
        let node: Int32
        let attempt: Int
    }

    /// The broker's id, or a negative one for an entry of `bootstrap.servers` that was not found to be a broker of the cluster.
    package private(set) var node: Int32
    package private(set) var address: BrokerAddress
    /// The node under which the attempt began: its channel has it in what it tells.
    private var attemptNode: Int32
    var machine = ConnectionMachine()
    /// Whether it ever took requests.
    package private(set) var hasBeenReady = false
    /// Attempts that have failed since it took requests last.
    private(set) var failedAttempts = 0
    private(set) var attempt = 0
    private(set) var channel: (any Channel)?
    /// The second one beside one that stays silent, while neither has answered.
    private(set) var hedge: Hedge?
    /// When the second one is due.
    var setup: HedgedSetup
    private(set) var lastAttempt: NIODeadline = .uptimeNanoseconds(0)
    /// No requests before this time: the broker asked for it (KIP-219), on this connection or on an earlier one.
    package private(set) var throttledUntil: NIODeadline?

    /// The login that is under way on this attempt or connection.
    var loginWork: LoginWork?

    /// The request that is being handed over to the channel.
    var handedOver: Int32?

    /// A second attempt beside the first.
    struct Hedge: ~Copyable {
        let attempt: Int
        var machine: ConnectionMachine
        var channel: (any Channel)?
    }

    init(node: Int32, address: BrokerAddress, hedgeDelay: TimeAmount) {
        self.node = node
        attemptNode = node
        self.address = address
        setup = HedgedSetup(delay: hedgeDelay)
    }

    /// The attempt under way, or the last one.
    package var id: ID { ID(node: attemptNode, attempt: attempt) }

    func beginAttempt(_ number: Int, now: NIODeadline) -> ID {
        attempt = number
        attemptNode = node
        lastAttempt = now
        setup.attemptBegan(now: now)
        return id
    }

    func opened(_ channel: any Channel) { self.channel = channel }

    /// The broker at the other end is this node of the cluster.
    func isFound(toBe node: Int32, at address: BrokerAddress) {
        self.node = node
        self.address = address
    }

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
        loginWork = nil
        let channels = [channel.take(), endHedge()]
        return channels.compactMap { $0 }
    }

    // MARK: the second attempt

    /// Begins a second attempt, if the first one is still on its way.
    func beginHedge(_ number: Int) -> ID? {
        guard let machine = machine.another() else { return nil }
        hedge = Hedge(attempt: number, machine: machine)
        return ID(node: attemptNode, attempt: number)
    }

    func isHedge(_ id: ID) -> Bool { hedge?.attempt == id.attempt && id.node == attemptNode }

    /// Whether a second attempt is under way.
    var isHedged: Bool { hedge != nil }

    /// Whether there is no second attempt, and none is due.
    var hasOneAttempt: Bool { hedge == nil && setup.dueAt == nil }

    /// The second attempt's channel is there; returns what to do with it.
    func hedgeOpened(_ channel: any Channel, _ plan: ConnectionSetup.Plan) -> ConnectionSetup.Action? {
        guard var hedge = hedge.take() else { return nil }
        hedge.channel = channel
        let action = hedge.machine.connected(plan)
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
    package var channelCount: Int { (channel == nil ? 0 : 1) + (hedge?.channel == nil ? 0 : 1) }

    // MARK: what others may ask

    /// Whether it takes requests.
    package var isReady: Bool { machine.isReady }

    /// Whether a connection is there or on its way.
    package var isConnectingOrConnected: Bool { machine.isConnectingOrConnected }

    /// What has not come of a connection that was opened and does not take requests yet; nil for any other.
    package var lack: SetupLack? { machine.lack == .connection ? nil : machine.lack }

    /// Requests that were sent and not answered.
    package var inFlightCount: Int { machine.inFlightCount }

    /// Requests of one API that were sent and not answered.
    package func inFlightCount(of api: APIKey) -> Int {
        machine.ifReady { $0.line.inFlight.count { $0.apiKey == api } } ?? 0
    }

    /// What client and broker both speak; nil until it is ready.
    package var versions: NegotiatedVersions? { machine.ifReady { $0.versions } }

    /// The highest version in common for `api` that is not above `cap`; nil if there is none, or while it is not ready.
    package func version(of api: APIKey, upTo cap: Int16 = .max) -> Int16? {
        machine.ifReady { $0.versions.version(of: api, upTo: cap) } ?? nil
    }

    /// How many requests were sent since it became ready.
    var sentCount: UInt64 { machine.ifReady { $0.line.sentCount } ?? 0 }

    /// When the next attempt may begin, if the connection is down.
    package var retryAt: NIODeadline? { machine.retryAt }

    /// Whether it takes another request that need not go out at once: none is being written, fewer than `maxInFlight` are
    /// unanswered, and the broker has not asked for a pause.
    package func hasRoom(now: NIODeadline, maxInFlight: Int) -> Bool {
        let isOpen = machine.ifReady { ready in
            !ready.isWriting && ready.line.inFlight.count < maxInFlight && ready.isOpen(now: now)
        }
        return isOpen == true && !isThrottled(now: now)
    }

    /// Whether requests may be sent: it is ready, the broker has not asked for a pause, and no other login is under way or due.
    package func takesRequests(now: NIODeadline) -> Bool {
        machine.ifReady { $0.isOpen(now: now) } == true && !isThrottled(now: now)
    }

    /// Whether it waits for another login (KIP-368).
    package func isLoggingIn(now: NIODeadline) -> Bool { machine.ifReady { !$0.isOpen(now: now) } ?? false }

    /// The broker asks for so long a pause.
    ///
    /// - Returns: the pause; nil when there is none.
    func throttle(milliseconds: Int32, now: NIODeadline) -> Duration? {
        guard milliseconds > 0 else { return nil }
        let until = now + .milliseconds(Int64(milliseconds))
        throttledUntil = max(throttledUntil ?? until, until)
        return .milliseconds(Int64(milliseconds))
    }

    /// Whether the broker has asked for a pause that is not over.
    package func isThrottled(now: NIODeadline) -> Bool { throttledUntil.map { $0 > now } ?? false }

    /// How busy it is: one that is not writing is less so than any that is.
    var load: (Int, Int) { (machine.ifReady { $0.isWriting } == true ? 1 : 0, machine.inFlightCount) }

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
}
