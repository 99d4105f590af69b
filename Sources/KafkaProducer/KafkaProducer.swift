// SPDX-License-Identifier: Apache-2.0
import Dispatch
import KafkaCompression
import KafkaProtocol
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
/// There are three ways to send a record: ``send(_:)`` awaits its delivery; ``send(_:completion:)`` calls back; and
/// ``enqueue(_:)`` forgets it. Threads that have many records use an ``appender(topic:partition:)``. Every way waits
/// when `buffer.memory` is used up.
///
/// A producer has an event loop of its own, which ``close(timeout:)`` ends.
public final class KafkaProducer: Sendable {
    /// The settings it was made with.
    public let configuration: ProducerConfiguration
    private let group: MultiThreadedEventLoopGroup
    let accumulator: RecordAccumulator
    private let signal: SenderSignal
    let sender: Sender
    let counters = ProducerCounters()
    let waits: WaitMetrics
    private let assignment: RecordAppender.Assignment
    private let failurePolicy: FailurePolicy
    let visits = SenderVisits()

    /// A producer that begins to connect at once.
    ///
    /// - Parameters:
    ///   - configuration: where to and how; see ``ProducerConfiguration``.
    ///   - observer: is told of every batch's end. Default: nobody.
    ///   - failurePolicy: what becomes of a partition's later records once one has failed. Default: they are sent.
    ///   - partitioner: chooses partitions in place of `partitioner.class`. Default: what the configuration says.
    ///   - logger: what is worth knowing when looking for a fault. Default: nothing is logged.
    /// - Throws: ``ProducerError`` of code `configuration` when the settings ask for what this producer cannot do.
    public init(
        configuration: ProducerConfiguration,
        observer: (any ProducerObserver)? = nil,
        failurePolicy: FailurePolicy = .continue,
        partitioner: (any Partitioner)? = nil,
        logger: Logger = Logger(label: "kafka-producer", factory: { _ in SwiftLogNoOpLogHandler() })
    ) throws(ProducerError) {
        try Self.check(configuration)
        self.configuration = configuration
        self.failurePolicy = failurePolicy
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        let signal = SenderSignal(eventLoop: eventLoop)
        let waits = WaitMetrics(MetricSampling(configuration))
        self.waits = waits
        self.signal = signal
        assignment = RecordAppender.Assignment(configuration, partitioner: partitioner)
        var limits = RecordAccumulator.Limits(configuration)
        limits.assignment = assignment
        accumulator = RecordAccumulator(
            limits: limits,
            bufferMemory: configuration.bufferMemory,
            workers: System.coreCount,
            signal: signal,
            waits: waits
        )
        let sender = Sender(
            configuration: configuration,
            failurePolicy: failurePolicy,
            eventLoop: eventLoop,
            accumulator: accumulator,
            signal: signal,
            observer: observer,
            counters: counters,
            logger: logger
        )
        self.sender = sender
        signal.set { sender.assumeIsolated { $0.run() } }
        start()
    }

    deinit {
        // Whoever forgets to close still gets the threads back; what was not delivered is failed by the event loop.
        guard isOpen else { return }
        accumulator.sealer.close()
        let (sender, group, signal) = (sender, group, signal)
        group.next().execute {
            sender.assumeIsolated { $0.closeEnded() }
            group.shutdownGracefully { _ in signal.clear() }
        }
    }

    private func start() {
        let sender = sender
        let servers = configuration.bootstrapServers
        let eventLoop = group.next()
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

    /// Settings that were put together in code are checked here as those of files are.
    private static func check(_ configuration: ProducerConfiguration) throws(ProducerError) {
        do throws(ConfigurationError) {
            try configuration.validate()
            try configuration.validateSupport()
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
        let start = ContinuousClock.now
        try refuseIfClosed()
        let topic = try await topic(named: record.topic, partition: record.partition)
        let headers = record.headers.isEmpty ? .none : EncodedHeaders(record.headers)
        let timestamp = record.timestamp ?? currentMilliseconds()
        var reservation = 0
        defer { if reservation > 0 { accumulator.pool.release(reservation) } }
        while true {
            let choice = try partition(for: record, in: topic)
            let result = append(record, choice, headers, timestamp, completion, &reservation)
            switch result {
            case .appended(let bytes):
                if choice.origin == .sticky { topic.appendedToStickyPartition(bytes: bytes, isLastBatchFull: false) }
                return
            case .retired: continue
            case .batchClosed(let bytes):
                topic.appendedToStickyPartition(bytes: bytes, isLastBatchFull: true)
            case .full(let needed):
                let waited = ContinuousClock.now - start
                reservation += try await memory(needed - reservation, within: configuration.maxBlock - waited, record)
            case .tooLarge(let size, let limit, let setting):
                throw .recordTooLarge(topic: record.topic, size: size, limit: limit, setting: setting)
            }
        }
    }

    private func append(
        _ record: ProducerRecord,
        _ choice: PartitionChoice,
        _ headers: EncodedHeaders,
        _ timestamp: Int64,
        _ completion: RecordCompletion?,
        _ reservation: inout Int
    ) -> RecordAccumulator.AppendResult {
        withOptionalSpan(record.key) { key in
            withOptionalSpan(record.value) { value in
                accumulator.append(
                    to: choice.queue,
                    origin: choice.origin,
                    key: key,
                    value: value,
                    headers: headers,
                    timestamp: timestamp,
                    position: nil,
                    completion: completion,
                    reservation: &reservation
                )
            }
        }
    }

    private struct PartitionChoice {
        let queue: PartitionQueue
        let origin: PartitionOrigin
    }

    private func partition(for record: ProducerRecord, in topic: TopicQueues) throws(ProducerError) -> PartitionChoice {
        let view = topic.view
        var origin = PartitionOrigin.derived
        let number: Int32
        if let explicit = record.partition {
            number = explicit
            origin = .named
        } else {
            switch assignment {
            case .explicit(let explicit):
                number = explicit
                origin = .named
            case .custom(let partitioner):
                number = withOptionalSpan(record.key) { key in
                    withOptionalSpan(record.value) { value in
                        partitioner.partition(key: key, value: value, topic: view.partitions)
                    }
                }
            case .builtIn(let ignoresKeys):
                if let key = record.key, !ignoresKeys {
                    number = Murmur2.partition(forKey: key.span, count: view.partitions.partitionCount)
                } else {
                    number = topic.stickyPartition()
                    origin = .sticky
                }
            }
        }
        guard view.queues.indices.contains(Int(number)) else {
            throw ProducerError(
                .unknownPartition,
                topic: record.topic,
                partition: number,
                message: view.absence(of: number)
            )
        }
        return PartitionChoice(queue: view.queues[Int(number)], origin: origin)
    }

    private func memory(
        _ bytes: Int,
        within timeout: Duration,
        _ record: ProducerRecord
    ) async throws(ProducerError) -> Int {
        let pool = accumulator.pool
        let eventLoop = group.next()
        let signal = signal
        let timer = Mutex<Scheduled<Void>?>(nil)
        let grant = await pool.wait(for: bytes) { id in
            signal.wake()
            let task = eventLoop.scheduleTask(in: TimeAmount(max(.zero, timeout))) { pool.cancelWait(id) }
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

    // MARK: appenders

    /// A way for one thread to append many records of a topic straight into batches.
    ///
    /// Waits up to `max.block.ms` until the topic's partitions are known.
    ///
    /// - Parameters:
    ///   - topic: the topic's name.
    ///   - partition: the partition of all records, or `nil` to let the partitioner choose. Default: `nil`.
    /// - Returns: an appender, for one thread at a time.
    /// - Throws: ``ProducerError`` when the topic, or the partition, did not become known in time.
    public func appender(topic: String, partition: Int32? = nil) async throws(ProducerError) -> RecordAppender {
        try refuseIfClosed()
        let queues = try await self.topic(named: topic, partition: partition)
        let assignment = if let partition { RecordAppender.Assignment.explicit(partition) } else { assignment }
        return RecordAppender(
            topic: queues,
            accumulator: accumulator,
            signal: signal,
            assignment: assignment,
            failurePolicy: failurePolicy,
            flush: { [weak self, waits, incomplete = accumulator.incomplete] in Self.flush({ self }, incomplete, waits)
            }
        )
    }

    private func topic(named name: String, partition: Int32?) async throws(ProducerError) -> TopicQueues {
        if let partition, partition < 0 {
            throw ProducerError(
                .unknownPartition,
                topic: name,
                partition: partition,
                message: "Invalid partition: \(partition). Partition number should always be non-negative or null."
            )
        }
        let topic = accumulator.topic(named: name)
        guard topic.view.partitions.partitionCount <= max(0, partition ?? 0) else { return topic }
        let start = NIODeadline.now()
        defer { waits.waitedForMetadata(since: start) }
        guard visits.enter() else { throw .closedProducer }
        defer { visits.leave() }
        try await sender.waitForTopic(name, partition: partition, timeout: configuration.maxBlock)
        return topic
    }

    // MARK: the end

    /// Sends what was appended so far without lingering, and waits until all of it is delivered or has failed.
    public func flush() async {
        let start = NIODeadline.now()
        defer { waits.flushed(since: start) }
        tellSender { $0.flushBegan() }
        await withCheckedContinuation { continuation in
            accumulator.incomplete.whenComplete { continuation.resume() }
        }
        tellSender { $0.flushEnded() }
    }

    @available(*, noasync)
    private static func flush(_ producer: () -> KafkaProducer?, _ incomplete: IncompleteBatches, _ waits: WaitMetrics) {
        let start = NIODeadline.now()
        defer { waits.flushed(since: start) }
        let done = DispatchSemaphore(value: 0)
        producer()?.tellSender { $0.flushBegan() }
        incomplete.whenComplete { done.signal() }
        done.wait()
        producer()?.tellSender { $0.flushEnded() }
    }

    /// Has the sender do something, unless it has ended or is about to: then it is in a hurry anyhow.
    func tellSender(_ action: @escaping @Sendable (isolated Sender) -> Void) {
        guard visits.enter() else { return }
        defer { visits.leave() }
        group.next().execute { [sender] in sender.assumeIsolated(action) }
    }

    /// Takes no more records, delivers those that are there, and ends the producer's threads.
    ///
    /// - Parameter timeout: how long to wait for deliveries; what is left then fails. Default: as long as it takes,
    ///   which `delivery.timeout.ms` bounds.
    public func close(timeout: Duration? = nil) async {
        guard visits.close() else { return }
        accumulator.pool.interruptWaits(forever: true)
        await sender.closeBegan()
        await waitForDeliveries(timeout: timeout)
        await sender.closeEnded()
        await waitForDeliveries(timeout: .seconds(5))
        accumulator.sealer.close()
        await visits.allLeft()
        try? await group.shutdownGracefully()
        signal.clear()
        accumulator.dropSpares()
    }

    private func waitForDeliveries(timeout: Duration?) async {
        let gate = OneShotGate()
        accumulator.incomplete.whenComplete { gate.open() }
        let timer = timeout.map { timeout in
            group.next().scheduleTask(in: TimeAmount(timeout)) { gate.open() }
        }
        await gate.wait()
        timer?.cancel()
    }

    /// Whether it was not closed yet, so that the event loop may be asked.
    var isOpen: Bool { visits.isOpen }

    private func refuseIfClosed() throws(ProducerError) {
        if !isOpen { throw .closedProducer }
    }
}
