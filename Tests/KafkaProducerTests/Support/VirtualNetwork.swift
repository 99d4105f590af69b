// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import NIOCore
import NIOEmbedded
import NIOPosix
import Platform
import Synchronization

@testable import KafkaProducer

/// A network in this process on an event loop whose time stands still until a test moves it.
///
/// Both ends of a connection are on that loop. Bytes arrive at once; nothing else happens until time is advanced.
final class VirtualNetwork: Connector {
    /// What answers at a port.
    enum Peer: Sendable {
        /// Sets up the channel of a connection that was accepted.
        case listener(@Sendable (any Channel) throws -> Void)
        /// Takes no connection and says nothing, as behind a firewall.
        case silence
    }

    let eventLoop: NIOAsyncTestingEventLoop
    private let peers = Mutex<[Int: Peer]>([:])

    private init(_ eventLoop: NIOAsyncTestingEventLoop) { self.eventLoop = eventLoop }

    /// A network without any peer. Its time begins an hour after that of all clocks, so that there is a past.
    static func start() async -> VirtualNetwork {
        let eventLoop = NIOAsyncTestingEventLoop()
        await eventLoop.advanceTime(by: .hours(1))
        return VirtualNetwork(eventLoop)
    }

    /// Puts a peer at a port, or takes it away: then connections are refused.
    func set(_ peer: Peer?, at port: Int) { peers.withLock { $0[port] = peer } }

    /// What is at a port, to be put there again.
    func peer(at port: Int) -> Peer? { peers.withLock { $0[port] } }

    // MARK: time

    var now: NIODeadline { eventLoop.now }

    /// Lets time pass, and everything happen that is due.
    func advance(by time: Duration) async {
        await eventLoop.advanceTime(by: TimeAmount(clamping: time))
    }

    /// Lets time pass in steps until something has come true.
    ///
    /// - Parameters:
    ///   - step: How far time is moved at once.
    ///   - limit: How much time may pass in all.
    ///   - condition: What is to come true.
    /// - Returns: whether it has.
    func advance(
        in step: Duration = .milliseconds(1),
        atMost limit: Duration = .seconds(10),
        until condition: () async -> Bool
    ) async -> Bool {
        var passed = Duration.zero
        while !(await condition()) {
            guard passed < limit else { return false }
            await advance(by: step)
            passed += step
            // Threads that compress, and tasks that wait, get their turn.
            await Task.yield()
        }
        return true
    }

    /// Lets time pass, a millisecond after the other, for as long as `body` takes.
    func running(_ body: () async -> Void) async {
        let clock = Task { while !Task.isCancelled { await advance(by: .milliseconds(1)) } }
        await body()
        clock.cancel()
    }

    // MARK: producing

    /// A producer on this network. A hasty one waits for nothing that is near: see ``HastyLoop``.
    func producer(
        _ configuration: ProducerConfiguration,
        observer: RecordingObserver? = nil,
        partitioner: (any Partitioner)? = nil,
        isHasty: Bool = false
    ) throws -> KafkaProducer {
        var plan = SenderPlan(
            configuration: configuration,
            observer: observer,
            counters: ProducerCounters(),
            logger: .silent
        )
        plan.connector = self
        return try KafkaProducer(plan, partitioner: partitioner) {
            ProducerLoop(isHasty ? HastyLoop(eventLoop) : eventLoop)
        }
    }

    // MARK: connecting

    func connect(
        to address: BrokerAddress,
        timeout: TimeAmount,
        through gate: LoopGate,
        initialize: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) -> EventLoopFuture<any Channel> {
        let eventLoop = gate.eventLoop
        let promise = eventLoop.makePromise(of: (any Channel).self)
        switch peers.withLock({ $0[address.port] }) {
        case nil:
            eventLoop.execute { promise.fail(IOError(errnoCode: ECONNREFUSED, reason: "connect")) }
        case .silence:
            eventLoop.scheduleTask(in: timeout) { promise.fail(ChannelError.connectTimeout(timeout)) }
        case .listener(let accept):
            let testingLoop = self.eventLoop
            eventLoop.execute {
                let client = NIOAsyncTestingChannel(loop: testingLoop)
                let server = NIOAsyncTestingChannel(loop: testingLoop)
                do {
                    let (near, far) = PipeEnd.pair()
                    try client.pipeline.syncOperations.addHandler(near)
                    try server.pipeline.syncOperations.addHandler(far)
                    try accept(server)
                    let place = try SocketAddress(ipAddress: "127.0.0.1", port: address.port)
                    server.connect(to: place, promise: nil)
                    initialize(client).assumeIsolated().whenComplete { result in
                        switch result {
                        case .success:
                            client.connect(to: place, promise: nil)
                            promise.succeed(client)
                        case .failure(let error): promise.fail(error)
                        }
                    }
                } catch {
                    promise.fail(error)
                }
            }
        }
        return promise.futureResult
    }
}

/// One end of a connection, next to the wire: what is written here is read at the other end.
private final class PipeEnd: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer

    private weak var other: PipeEnd?
    private var context: ChannelHandlerContext?
    private var written: [ByteBuffer] = []
    private var promises: [EventLoopPromise<Void>] = []

    static func pair() -> (PipeEnd, PipeEnd) {
        let (one, two) = (PipeEnd(), PipeEnd())
        (one.other, two.other) = (two, one)
        return (one, two)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        written.append(unwrapOutboundIn(data))
        if let promise { promises.append(promise) }
    }

    func flush(context: ChannelHandlerContext) {
        let other = other.map { NIOLoopBound($0, eventLoop: context.eventLoop) }
        for bytes in written { context.eventLoop.execute { other?.value.arrived(bytes) } }
        written = []
        let promises = promises
        self.promises = []
        for promise in promises { promise.succeed() }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        let other = other.map { NIOLoopBound($0, eventLoop: context.eventLoop) }
        context.eventLoop.execute { other?.value.context?.close(promise: nil) }
        context.close(mode: mode, promise: promise)
    }

    private func arrived(_ bytes: ByteBuffer) {
        guard let context, context.channel.isActive else { return }
        context.fireChannelRead(wrapInboundOut(bytes))
        context.fireChannelReadComplete()
    }
}
