// SPDX-License-Identifier: Apache-2.0
import NIOCore

#if ServiceLifecycle
    public import ServiceLifecycle
#endif

/// Flushing, and the end.
extension KafkaProducer {
    /// How long ``run()`` waits for deliveries once its task is cancelled.
    static let patienceOfCancelledRun = Duration.seconds(5)

    /// Sends what was appended so far without lingering, and waits until all of it is delivered or has failed.
    ///
    /// - Throws: ``ProducerError`` of code ``ProducerError/Code/interrupted`` when the task is cancelled before that. What was
    ///   appended stays on its way.
    public func flush() async throws(ProducerError) {
        let start = NIODeadline.now()
        defer { waits.flushed(since: start) }
        onSender { $0.flushBegan() }
        defer { onSender { $0.flushEnded() } }
        let end = Eventual<Void>()
        accumulator.incomplete.whenComplete { end.come() }
        guard await end.valueUnlessCancelled() != nil else {
            throw .cancelled("what was to be flushed is on its way")
        }
    }

    /// Keeps the producer until it is closed, for a task group or a service group whose other children send.
    ///
    /// The producer works without it; it gives the producer's end a place in structured concurrency. When the task is cancelled
    /// the producer is closed: what it has taken is delivered within five seconds, or fails. With the trait `ServiceLifecycle`
    /// a graceful shutdown closes it as ``close(timeout:)`` does, with all that it has.
    ///
    ///     try await withThrowingTaskGroup { group in
    ///         group.addTask { await producer.run() }
    ///         try await serve(with: producer)
    ///         await producer.close()
    ///     }
    public func run() async {
        #if ServiceLifecycle
            let end: Void? = await withGracefulShutdownHandler {
                await closing.end.valueUnlessCancelled()
            } onGracefulShutdown: {
                // It ends by `delivery.timeout.ms`, or when the run is cancelled.
                Task { await self.close() }
            }
        #else
            let end: Void? = await closing.end.valueUnlessCancelled()
        #endif
        if end == nil { await close(timeout: Self.patienceOfCancelledRun) }
    }

    /// Takes no more records, delivers those that are there, and ends the producer's threads.
    ///
    /// Every caller waits for the end. When several name a timeout, the one that is over first counts. Cancelling the task
    /// does not end the wait: a producer that is half closed would keep its threads.
    ///
    /// - Parameter timeout: how long to wait for deliveries; what is left then fails. Default: as long as it takes,
    ///   which `delivery.timeout.ms` bounds.
    public func close(timeout: Duration? = nil) async {
        if let timeout { closing.limit(timeout, on: loop.eventLoop) }
        // Not in the caller's task, whose cancellation would give up what is there.
        if visits.close() { Task { await end() } }
        await closing.end.value()
    }

    private func end() async {
        accumulator.pool.interruptWaits()
        await sender.closeBegan()
        // It ends by `max.block.ms`, or with the sender.
        if configuration.transactionalID != nil { await waitPatiently { await $0.closeTransaction() } }
        await first(deliveries, or: closing.patienceEnd)
        let patience = configuration.telemetryPatience
        if await sender.hasTelemetry { await waitPatiently { await $0.closeTelemetry(within: patience) } }
        await sender.closeEnded()
        await waitForWorkers()
        accumulator.sealer.close()
        await visits.allLeft()
        closing.loopEnds()
        // An event loop that has ended takes no more work.
        signal.clear()
        await withCheckedContinuation { continuation in loop.shutDown { continuation.resume() } }
        accumulator.dropSpares()
        closing.end.come()
    }

    /// Has the sender end something, and waits for that as long as there is time.
    private func waitPatiently(_ work: @escaping @Sendable (Sender) async -> Void) async {
        let end = Eventual<Void>()
        // Whoever has no more time leaves it to the sender's own end.
        Task { [sender] in
            await work(sender)
            end.come()
        }
        await first(end, or: closing.patienceEnd)
    }

    /// Comes when all that was appended so far is delivered or has failed.
    private var deliveries: Eventual<Void> {
        let end = Eventual<Void>()
        accumulator.incomplete.whenComplete { end.come() }
        return end
    }

    /// Waits for what workers have in their hands, which fails as soon as it is back. Workers are threads: what they take is the
    /// system's time, also where the event loop has another.
    private func waitForWorkers() async {
        await first(deliveries) { try? await Task.sleep(for: .seconds(5)) }
    }

    private func first(_ one: Eventual<Void>, or other: Eventual<Void>) async {
        await first(one) { _ = await other.valueUnlessCancelled() }
    }

    private func first(_ one: Eventual<Void>, or other: @escaping @Sendable () async -> Void) async {
        guard one.current == nil else { return }
        await withTaskGroup { group in
            group.addTask { _ = await one.valueUnlessCancelled() }
            group.addTask { await other() }
            await group.next()
            group.cancelAll()
        }
    }
}

#if ServiceLifecycle
    extension KafkaProducer: Service {}
#endif
