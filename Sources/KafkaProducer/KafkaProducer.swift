// SPDX-License-Identifier: Apache-2.0
import Dispatch
import KafkaClient
import KafkaRecords
public import Logging
import NIOCore
import NIOPosix
import Synchronization

/// Sends records to Kafka: gathers them into batches, compresses these, and delivers them to the partitions' leaders.
///
///     let producer = try KafkaProducer(configuration: configuration)
///     let metadata = try await producer.send(ProducerRecord(topic: "orders", value: Array("hello".utf8)))
///     await producer.close()
///
/// A record is sent by one of three methods: ``send(_:)`` awaits its delivery; ``send(_:completion:)`` calls back; and
/// ``enqueue(_:)`` forgets it. Threads that have many records use an ``appender(topic:partition:)``. Each of them waits
/// when `buffer.memory` is used up.
///
/// A producer has an event loop of its own, which ``close(timeout:)`` ends.
public final class KafkaProducer: Sendable {
    /// The settings it was made with.
    public let configuration: ProducerConfiguration
    private let loop: ProducerLoop
    private let security: PreparedSecurity
    let accumulator: RecordAccumulator
    let signal: SenderSignal
    let sender: Sender
    let counters: ProducerCounters
    let waits: WaitMetrics
    let partitionRule: PartitionRule
    private let chooser: PartitionChooser
    let failurePolicy: FailurePolicy
    let visits = SenderVisits()
    /// Says whether a transaction is open; nil without a `transactional.id`.
    private let transactionGate: TransactionGate?

    /// A producer that begins to connect at once.
    ///
    /// - Parameters:
    ///   - configuration: where to and how; see ``ProducerConfiguration``.
    ///   - observer: every batch's end is reported to it. Default: none.
    ///   - failurePolicy: what becomes of a partition's later records once one has failed. Default: they are sent.
    ///   - partitioner: chooses partitions in place of `partitioner.class`. Default: what the configuration says.
    ///   - logger: what is worth knowing when looking for a fault. Default: nothing is logged.
    /// - Throws: ``ProducerError`` of code `configuration` when the settings ask for what this producer cannot do.
    public convenience init(
        configuration: ProducerConfiguration,
        observer: (any ProducerObserver)? = nil,
        failurePolicy: FailurePolicy = .continue,
        partitioner: (any Partitioner)? = nil,
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
            loop: { .ownThread() }
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
        signal.set { sender.assumeIsolated { $0.run() } }
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

    // MARK: sending

    /// Sends a record and waits until it is delivered.
    ///
    /// - Returns: where it is stored.
    /// - Throws: ``ProducerError`` when it was not delivered.
    public func send(_ record: ProducerRecord) async throws(ProducerError) -> RecordMetadata {
        let gate = CompletionGate()
        try await send(record) { gate.complete($0) }
        return try await gate.result().get()
    }

    /// Sends a record and calls back when it is delivered or has failed. Waits only for metadata and memory.
    ///
    /// - Parameters:
    ///   - record: what to send.
    ///   - completion: called once, on the producer's event loop: it must be quick. Those of one partition are called
    ///     in the order of sending.
    /// - Throws: ``ProducerError`` when the record could not be taken; `completion` is not called then.
    public func send(
        _ record: ProducerRecord,
        completion: @escaping @Sendable (Result<RecordMetadata, ProducerError>) -> Void
    ) async throws(ProducerError) {
        try await append(record, completion: completion)
    }

    /// Sends a record and forgets it; only an observer learns what becomes of it. Waits only for metadata and memory.
    ///
    /// - Throws: ``ProducerError`` when the record could not be taken.
    public func enqueue(_ record: ProducerRecord) async throws(ProducerError) {
        try await append(record, completion: nil)
    }

    private func append(_ record: ProducerRecord, completion: RecordCompletion?) async throws(ProducerError) {
        let start = loop.eventLoop.now
        try refuseIfClosed()
        try transactionGate?.check()
        let topic = try await topic(named: record.topic, partition: record.partition)
        let details = RecordDetails(
            partition: record.partition,
            headers: record.headers.isEmpty ? .none : EncodedHeaders(record.headers),
            timestamp: record.timestamp ?? currentMilliseconds(),
            completion: completion
        )
        var reservation = 0
        defer { if reservation > 0 { accumulator.pool.release(reservation) } }
        while true {
            let (queue, origin) = try place(of: record, in: topic)
            let result = withOptionalSpan(record.key) { key in
                withOptionalSpan(record.value) { value in
                    accumulator.append(
                        to: queue,
                        as: origin,
                        key: key,
                        value: value,
                        details: details,
                        reservation: &reservation
                    )
                }
            }
            switch result {
            case .appended(let bytes, let isBatchReady):
                if origin == .sticky { topic.appendedToStickyPartition(bytes: bytes, isLastBatchFull: isBatchReady) }
                return
            case .retired: continue
            case .batchClosed(let bytes):
                topic.appendedToStickyPartition(bytes: bytes, isLastBatchFull: true)
            case .full(let needed):
                let waited = Duration.nanoseconds((loop.eventLoop.now - start).nanoseconds)
                reservation += try await memory(needed - reservation, within: configuration.maxBlock - waited, record)
            case .tooLarge(let size, let limit, let setting):
                throw .recordTooLarge(topic: record.topic, size: size, limit: limit, setting: setting)
            }
        }
    }

    private func place(
        of record: ProducerRecord,
        in topic: TopicQueues
    ) throws(ProducerError) -> (PartitionQueue, PartitionChoice.Origin) {
        let view = topic.view
        let choice = withOptionalSpan(record.key) { key in
            withOptionalSpan(record.value) { value in
                chooser.choice(named: record.partition, key: key, value: value, topic: view.partitions) {
                    topic.stickyPartition()
                }
            }
        }
        guard view.queues.indices.contains(Int(choice.partition)) else {
            throw .unknownPartition(choice.partition, of: record.topic, absence: view.absence(of: choice.partition))
        }
        return (view.queues[Int(choice.partition)], choice.origin)
    }

    private func memory(
        _ bytes: Int,
        within timeout: Duration,
        _ record: ProducerRecord
    ) async throws(ProducerError) -> Int {
        let pool = accumulator.pool
        let eventLoop = loop.eventLoop
        let signal = signal
        let timer = Mutex<Scheduled<Void>?>(nil)
        let grant = await pool.wait(for: bytes) { id in
            signal.wake()
            let task = eventLoop.scheduleTask(in: TimeAmount(clamping: max(.zero, timeout))) { pool.cancelWait(id) }
            timer.withLock { $0 = task }
        }
        timer.withLock { $0?.cancel() }
        if case .granted(let bytes) = grant { return bytes }
        try refuseIfClosed()
        waits.memoryExhausted()
        throw ProducerError(
            .timedOut,
            topic: record.topic,
            message: "Failed to allocate \(bytes) bytes within the configured max blocking time "
                + "\(configuration.maxBlock.milliseconds) ms (max.block.ms): buffer.memory is used up"
        )
    }

    // MARK: the end

    /// Sends what was appended so far without lingering, and waits until all of it is delivered or has failed.
    public func flush() async {
        let start = NIODeadline.now()
        defer { waits.flushed(since: start) }
        onSender { $0.flushBegan() }
        await withCheckedContinuation { continuation in
            accumulator.incomplete.whenComplete { continuation.resume() }
        }
        onSender { $0.flushEnded() }
    }

    /// Has the sender do something, unless it has ended or is about to: then it is in a hurry anyhow.
    func onSender(_ action: @escaping @Sendable (isolated Sender) -> Void) {
        guard visits.enter() else { return }
        defer { visits.leave() }
        loop.eventLoop.execute { [sender] in sender.assumeIsolated(action) }
    }

    /// Takes no more records, delivers those that are there, and ends the producer's threads.
    ///
    /// - Parameter timeout: how long to wait for deliveries; what is left then fails. Default: as long as it takes,
    ///   which `delivery.timeout.ms` bounds.
    public func close(timeout: Duration? = nil) async {
        guard visits.close() else { return }
        accumulator.pool.interruptWaits()
        await sender.closeBegan()
        await waitForEnds(timeout: timeout)
        await sender.closeTelemetry(within: min(timeout ?? Self.telemetryPatience, Self.telemetryPatience))
        await sender.closeEnded()
        await waitForDeliveries(timeout: .seconds(5))
        accumulator.sealer.close()
        await visits.allLeft()
        // An event loop that has ended takes no more work.
        signal.clear()
        await withCheckedContinuation { continuation in loop.shutDown { continuation.resume() } }
        accumulator.dropSpares()
    }

    /// How long a broker may take for the last push of metrics.
    private static let telemetryPatience = Duration.seconds(1)

    /// Waits for deliveries, or aborts the transaction that is open.
    private func waitForEnds(timeout: Duration?) async {
        guard configuration.transactionalID != nil else { return await waitForDeliveries(timeout: timeout) }
        let gate = OneShotGate()
        let timer = timeout.map { timeout in
            loop.eventLoop.scheduleTask(in: TimeAmount(clamping: timeout)) { gate.open() }
        }
        // It ends by `max.block.ms`, or with the sender.
        Task { [sender] in
            await sender.closeTransaction()
            gate.open()
        }
        await gate.wait()
        timer?.cancel()
        await waitForDeliveries(timeout: timeout)
    }

    private func waitForDeliveries(timeout: Duration?) async {
        let gate = OneShotGate()
        accumulator.incomplete.whenComplete { gate.open() }
        let timer = timeout.map { timeout in
            loop.eventLoop.scheduleTask(in: TimeAmount(clamping: timeout)) { gate.open() }
        }
        await gate.wait()
        timer?.cancel()
    }

    /// Whether it was not closed yet, so that the event loop may be asked.
    var isOpen: Bool { visits.isOpen }

    func refuseIfClosed() throws(ProducerError) {
        if !isOpen { throw .closedProducer }
    }
}
