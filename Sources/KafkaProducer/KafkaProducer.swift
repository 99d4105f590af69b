// SPDX-License-Identifier: Apache-2.0
import Dispatch
import KafkaClient
import KafkaRecords
public import Logging
public import NIOCore
import NIOPosix
import Synchronization

/// Sends records to Kafka: gathers them into batches, compresses these, and delivers them to the partitions' leaders.
///
///     let producer = try KafkaProducer(configuration: configuration)
///     let metadata = try await producer.send(ProducerRecord(topic: "orders", value: Array("hello".utf8)))
///     await producer.close()
///
/// A record is sent by one of these methods: ``send(_:)`` awaits its delivery; ``submit(_:)`` gives back a ``Delivery`` that can
/// be awaited later; ``send(_:completion:)`` calls back; and ``enqueue(_:)`` forgets it. `send(contentsOf:)` and
/// ``acknowledgements(of:limit:)`` send many. Threads that have very many records use an ``appender(topic:partition:)``. Each of
/// them waits when `buffer.memory` is used up.
///
/// A producer has an event loop of its own, unless it is given a group of them. ``close(timeout:)`` ends it.
public final class KafkaProducer: Sendable {
    /// The settings it was made with.
    public let configuration: ProducerConfiguration
    let loop: ProducerLoop
    private let security: PreparedSecurity
    let accumulator: RecordAccumulator
    let signal: SenderSignal
    let sender: Sender
    let counters: ProducerCounters
    let waits: WaitMetrics
    let partitionRule: PartitionRule
    let chooser: PartitionChooser
    let failurePolicy: FailurePolicy
    let visits = SenderVisits()
    let closing = ClosingProducer()
    /// Says whether a transaction is open; nil without a `transactional.id`.
    let transactionGate: TransactionGate?

    /// A producer that begins to connect at once.
    ///
    /// - Parameters:
    ///   - configuration: where to and how; see ``ProducerConfiguration``.
    ///   - observer: every batch's end is reported to it. Default: none.
    ///   - failurePolicy: what becomes of a partition's later records once one has failed. Default: they are sent.
    ///   - partitioner: chooses partitions in place of `partitioner.class`. Default: what the configuration says.
    ///   - eventLoopGroup: one of its event loops is used, and not ended. It must be one of `NIOPosix`. Default: an event loop
    ///     with a thread of its own, so that neither the program's other loops nor the producer wait for each other.
    ///   - logger: what is worth knowing when looking for a fault. Default: nothing is logged.
    /// - Throws: ``ProducerError`` of code `configuration` when the settings ask for what this producer cannot do.
    public convenience init(
        configuration: ProducerConfiguration,
        observer: (any ProducerObserver)? = nil,
        failurePolicy: FailurePolicy = .continue,
        partitioner: (any Partitioner)? = nil,
        eventLoopGroup: (any EventLoopGroup)? = nil,
        logger: Logger = Logger(label: "kafka-producer", factory: { _ in SwiftLogNoOpLogHandler() })
    ) throws(ProducerError) {
        try self.init(
            SenderPlan(
                configuration: configuration,
                failurePolicy: failurePolicy,
                observer: observer,
                counters: ProducerCounters(),
                logger: logger
            ),
            partitioner: partitioner,
            loop: { eventLoopGroup.map { ProducerLoop($0.next()) } ?? .ownThread() }
        )
    }

    /// A producer on an event loop, and with connections, that the caller provides.
    ///
    /// - Parameters:
    ///   - plan: What to do, and whom to report to.
    ///   - partitioner: Chooses partitions in place of `partitioner.class`.
    ///   - loop: Makes the event loop, once the settings are found to be good.
    /// - Throws: ``ProducerError`` of code `configuration` when the settings ask for what this producer cannot do.
    init(
        _ plan: SenderPlan,
        partitioner: (any Partitioner)? = nil,
        loop: () -> ProducerLoop
    ) throws(ProducerError) {
        let configuration = plan.configuration
        security = try Self.check(configuration)
        for notice in security.notices { plan.logger.warning("\(notice)") }
        self.configuration = configuration
        failurePolicy = plan.failurePolicy
        counters = plan.counters
        transactionGate = configuration.transactionalID == nil ? nil : plan.transactionGate
        self.loop = loop()
        let eventLoop = self.loop.eventLoop
        let signal = SenderSignal(eventLoop: eventLoop)
        let waits = WaitMetrics(MetricSampling(configuration))
        self.waits = waits
        self.signal = signal
        partitionRule = PartitionRule(configuration, partitioner: partitioner)
        chooser = PartitionChooser(partitionRule)
        var limits = RecordAccumulator.Limits(configuration)
        limits.partitionRule = partitionRule
        accumulator = RecordAccumulator(
            limits: limits,
            bufferMemory: configuration.bufferMemory,
            workers: System.coreCount,
            signal: signal,
            waits: waits,
            clock: { eventLoop.now }
        )
        var plan = plan
        plan.security = security.client
        let sender = Sender(plan, eventLoop: eventLoop, accumulator: accumulator, signal: signal)
        self.sender = sender
        signal.set { sender.assumeIsolated { $0.wake() } }
        start()
    }

    deinit {
        // A caller that forgets to close still gets the threads back; the event loop fails what was not delivered.
        guard isOpen else { return }
        accumulator.sealer.close()
        let (sender, loop, signal) = (sender, loop, signal)
        loop.eventLoop.execute {
            sender.assumeIsolated { $0.closeEnded() }
            signal.clear()
            loop.shutDown {}
        }
    }

    private func start() {
        guard let login = security.loginToPrepare else { return begin() }
        // Ends by itself: a login gives up after its timeouts. Whatever it failed for, each connection's login tells.
        Task { [self] in
            try? await login.prepare()
            begin()
        }
    }

    private func begin() {
        guard visits.enter() else { return }
        defer { visits.leave() }
        let sender = sender
        let servers = ClientSettings(configuration).bootstrap
        let eventLoop = loop.eventLoop
        guard configuration.dnsLookup == .resolveCanonicalBootstrapServersOnly else {
            eventLoop.execute { sender.assumeIsolated { $0.begin(bootstrap: servers) } }
            return
        }
        // The system's resolver blocks; it gets a thread of its own, which ends with its answer.
        DispatchQueue.global().async { [visits] in
            let canonical = BootstrapResolver.canonicalServers(servers)
            guard visits.enter() else { return }
            defer { visits.leave() }
            eventLoop.execute { sender.assumeIsolated { $0.begin(bootstrap: canonical) } }
        }
    }

    /// Settings that were put together in code are checked here as those of files are. Of TLS and the login comes what
    /// connections need.
    private static func check(_ configuration: ProducerConfiguration) throws(ProducerError) -> PreparedSecurity {
        let security: PreparedSecurity
        do throws(ConfigurationError) {
            try configuration.validate()
            try configuration.validateSupport()
            security = try configuration.security()
        } catch {
            throw ProducerError(.configuration, message: error.description)
        }
        guard MemoryProbe.fits(bufferMemory: configuration.bufferMemory) else {
            throw ProducerError(
                .configuration,
                message: "buffer.memory=\(configuration.bufferMemory) is more memory than the system lets this process "
                    + "have; lower it, or raise the limit (ulimit -v)"
            )
        }
        guard configuration.clientID.utf8.count <= Int(Int16.max) else {
            throw ProducerError(
                .configuration,
                message: "client.id is longer than the \(Int16.max) bytes of the protocol"
            )
        }
        return security
    }

    // MARK: the sender

    /// Has the sender do something, unless it has ended or is about to: then it is in a hurry anyhow.
    func onSender(_ action: @escaping @Sendable (isolated Sender) -> Void) {
        guard visits.enter() else { return }
        defer { visits.leave() }
        loop.eventLoop.execute { [sender] in sender.assumeIsolated(action) }
    }

    /// Whether it was not closed yet, so that the event loop may be asked.
    var isOpen: Bool { visits.isOpen }

    func refuseIfClosed() throws(ProducerError) {
        if !isOpen { throw .closedProducer }
    }
}
