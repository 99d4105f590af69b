// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import NIOCore

/// Everything behind the accumulator, on one event loop: it passes over its parts for every event, and wakes itself when the
/// next of them is due.
///
/// An actor whose executor is the loop: no locks, no races, and channel handlers enter without a hop. What there is to decide is
/// decided in its parts, each of which owns what it decides about.
actor Sender {
    nonisolated let eventLoop: any EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe eventLoop.executor.asUnownedSerialExecutor()
    }

    private let parts: SenderParts
    private let signal: SenderSignal
    private let outcomes: BatchOutcomes
    private let ids: ProducerIDs
    private let transactions: Transactions?
    private let expiry: BatchExpiry
    private let requests: ProduceRequests
    private let replacements: TopicReplacements
    private let drain: RequestDrain
    private let telemetry: TelemetryReporter

    private var flushes = 0
    private var isClosing = false
    private(set) var isClosed = false
    private var isPassing = false
    private var isPassWanted = false
    private var timer: (task: Scheduled<Void>, deadline: NIODeadline)?

    init(_ plan: SenderPlan, eventLoop: any EventLoop, accumulator: RecordAccumulator, signal: SenderSignal) {
        self.eventLoop = eventLoop
        self.signal = signal
        parts = SenderParts(plan, eventLoop: eventLoop, accumulator: accumulator)
        outcomes = BatchOutcomes(parts)
        ids = ProducerIDs(parts, outcomes: outcomes)
        transactions = Transactions(parts, outcomes: outcomes, ids: ids, signal: signal)
        expiry = BatchExpiry(parts, outcomes: outcomes)
        requests = ProduceRequests(parts, outcomes: outcomes, ids: ids, transactions: transactions)
        replacements = TopicReplacements(parts, outcomes: outcomes, ids: ids)
        drain = RequestDrain(
            parts,
            outcomes: outcomes,
            ids: ids,
            requests: requests,
            replacements: replacements,
            transactions: transactions
        )
        let parts = parts
        telemetry = TelemetryReporter(plan.configuration, client: parts.client) { now in
            parts.snapshot(waits: parts.accumulator.pool.waits.current, now: now).metrics
        }
    }

    // MARK: the pass

    /// Passes over everything: what ran out of time, what must be asked, what can be sent; then sleeps until the next of
    /// these. Called for every event; cheap when there is nothing to do.
    ///
    /// What happens within a pass, such as a request that is written at once, makes another pass follow, not a deeper one.
    func run() {
        isPassWanted = true
        guard !isPassing else { return }
        isPassing = true
        while isPassWanted {
            isPassWanted = false
            pass(now: eventLoop.now)
        }
        isPassing = false
    }

    /// A thread has asked for a pass. There may have been one since.
    func wake() { if signal.isPending { run() } }

    /// Answers to Produce requests came in, and the batches have their outcomes. There is nothing else to do, unless something
    /// waits for an answer: what is due by time has its timer, and what threads have appended its signal.
    private func answersCame() { if awaitsAnswers { run() } }

    private var awaitsAnswers: Bool {
        hurry != .none || transactions != nil || requests.hasRefusals || parts.table.hasUnsettled
            || !replacements.isEmpty || drain.awaitsAnswers
    }

    private func pass(now: NIODeadline) {
        signal.beganRun()
        adoptNewQueues(now: now)
        // What workers had in their hands when the producer was closed comes back now.
        guard !isClosed else { return outcomes.failEverything(.closedForcefully, now: now) }
        parts.client.pass(now: now)
        parts.table.refreshLeaders(from: parts.client)
        requests.settleFailures(now: now)
        expiry.pass(now: now)
        replacements.pass(now: now)
        ids.resolveSequences()
        ids.pass(now: now)
        parts.table.refreshLeaders(from: parts.client)
        expiry.failBatchesOfRefusedTopics(now: now)
        let nextDrain = drain.pass(now: now, hurry)
        transactions?.pass(now: now)
        telemetry.pass(now: now)
        parts.metrics.counts.situations.became(drain.situation(now: now), now: now)
        arm(nextDrain, now: now)
    }

    private var hurry: Hurry {
        if flushes > 0 || isClosing || transactions?.isEnding == true { return .flush }
        return parts.accumulator.pool.hasWaiters ? .memory : .none
    }

    private func adoptNewQueues(now: NIODeadline) {
        let queues = parts.accumulator.takeListed()
        guard !queues.isEmpty else { return }
        for queue in queues where parts.table.adopt(queue) { parts.client.use(queue.topic, now: now) }
        parts.accumulator.reuse(queues)
    }

    // MARK: the timer

    private func arm(_ nextDrain: NIODeadline?, now: NIODeadline) {
        var next = EarliestDeadline(nextDrain)
        next.consider(parts.client.nextPass(now: now))
        next.consider(ids.nextRequest(now: now))
        next.consider(transactions?.nextPass(now: now))
        next.consider(expiry.nextExpiry())
        next.consider(telemetry.nextPass(now: now))
        guard let deadline = next.value else { return cancelTimer() }
        if parts.accumulator.limits.readiness.covers(batchesOpenedAfter: now, until: deadline) { signal.setTimer() }
        // A timer that is too early costs a pass; setting it anew after every batch costs more.
        if let timer, timer.deadline <= deadline { return }
        timer?.task.cancel()
        let task = eventLoop.assumeIsolated().scheduleTask(deadline: max(deadline, now + .microseconds(100))) {
            [self] in
            assumeIsolated { sender in
                sender.timer = nil
                sender.run()
            }
        }
        timer = (task, deadline)
    }

    private func cancelTimer() {
        timer?.task.cancel()
        timer = nil
    }

    // MARK: beginning and ending

    /// Connects early, so that the first record finds an open connection.
    func begin(bootstrap addresses: [BrokerAddress]) {
        parts.client.begin(observer: self, bootstrap: addresses)
        run()
    }

    /// Nothing lingers until ``flushEnded()``.
    func flushBegan() {
        flushes += 1
        run()
    }

    func flushEnded() { flushes -= 1 }

    /// Takes no more waits; everything that is here is sent without lingering.
    func closeBegan() {
        isClosing = true
        parts.client.endWaits()
        run()
    }

    /// Aborts the transaction that is open, or waits for the one that is about to end, as far as `max.block.ms` allows.
    func closeTransaction() async {
        guard let transactions, transactions.isOpen else { return }
        do throws(ProducerError) {
            try await transact(.abort)
        } catch {
            // It is being committed, which is waited for, or cannot be aborted.
            do throws(ProducerError) { try await transact(.commit) } catch { return }
        }
    }

    /// Whether a broker has asked for metrics, so that they are pushed for the last time.
    var hasTelemetry: Bool { telemetry.hasLastPush }

    /// Pushes metrics for the last time, if a broker has asked for them, and waits so long at most.
    func closeTelemetry(within timeout: Duration) async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let timer = eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(clamping: timeout)) { [self] in
                assumeIsolated { $0.telemetry.end() }
            }
            telemetry.close(now: eventLoop.now) {
                timer.cancel()
                continuation.resume()
            }
        }
    }

    /// Does what a caller asks of transactions, and waits for its end.
    func transact(_ call: TransactionCall) async throws(ProducerError) {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Void, ProducerError>, Never>) in
            guard let transactions, !isClosed else { return continuation.resume(returning: .failure(.closedProducer)) }
            transactions.call(call, now: eventLoop.now) { continuation.resume(returning: $0) }
            run()
        }
        try result.get()
    }

    /// Fails what is left and ends all connections.
    func closeEnded() {
        adoptNewQueues(now: eventLoop.now)
        outcomes.failEverything(.closedForcefully, now: eventLoop.now)
        isClosed = true
        transactions?.close()
        telemetry.end()
        cancelTimer()
        parts.client.close()
    }

    // MARK: waiting for topics

    /// Waits until a topic, and a partition of it, is known.
    func waitForTopic(_ topic: String, partition: Int32?, timeout: Duration) async throws(ProducerError) {
        let wait = TopicWait(topic: topic, partition: partition, timeout: timeout)
        guard !isClosing else { throw wait.error(.closed, parts.client) }
        let end = Eventual<Result<Void, TopicDirectory.Failure>>()
        let now = eventLoop.now
        let waiter = TopicDirectory.Waiter(
            topic: topic,
            partition: partition,
            deadline: now + TimeAmount(clamping: timeout)
        ) {
            end.come($0)
        }
        let number = parts.client.wait(waiter, now: now)
        run()
        guard let result = await end.valueUnlessCancelled() else {
            parts.client.forgetWait(number)
            throw .cancelled("topic \(topic) is not known yet")
        }
        if case .failure(let failure) = result { throw wait.error(failure, parts.client) }
    }

    /// Ends the waits for topics, now and for good.
    func interruptTopicWaits() { parts.client.interruptWaits() }

    /// Asks once for the open transaction to be aborted.
    ///
    /// - Parameter completion: Called when the request is on its way, or is not made.
    func abandonTransaction(_ completion: @escaping @Sendable () -> Void) {
        transactions?.abandon(now: eventLoop.now)
        // What was written to a connection goes out before what comes next on the loop.
        eventLoop.execute(completion)
    }

    // MARK: what may be asked

    /// The epoch of the transactional id, once it is initialized.
    var transactionalEpoch: Int16? { transactions?.epoch }

    /// The cluster, for questions that belong to no part of sending.
    var client: ClusterClient { parts.client }

    /// Everything that is waited for now, the likeliest cause first. Empty when nothing is to be sent.
    func stallReasons() -> [StallReason] {
        StallInspection(
            table: parts.table,
            client: parts.client,
            accumulator: parts.accumulator,
            ids: ids,
            replacements: replacements,
            transactions: transactions,
            now: eventLoop.now
        ).reasons
    }

    /// How long no broker has answered anything, if batches have run out of time meanwhile.
    func timeInSilence() -> Duration? { expiry.timeInSilence(now: eventLoop.now) }

    /// All metrics at this moment.
    func currentMetrics(waits: WaitMetrics.Counts) -> [ProducerMetric] {
        parts.snapshot(waits: waits, now: eventLoop.now).metrics
    }

    /// Where the time went, as far as the event loop and the workers know.
    func currentProfile() -> LoadProfile { parts.profile(now: eventLoop.now) }
}

// MARK: the client

extension Sender: ClientObserver {
    nonisolated func clientHasNews() { assumeIsolated { $0.run() } }

    nonisolated func clientHasAnswers() { assumeIsolated { $0.answersCame() } }

    // Most requests are written at once, within the pass that is about to see whether there are more to send.
    nonisolated func clientHasRoom() { assumeIsolated { if !$0.isPassing { $0.run() } } }

    nonisolated func clientLearned(topic: String) { assumeIsolated { $0.publish(topic) } }

    nonisolated func clientDid(_ event: ClientEvent) { assumeIsolated { $0.outcomes.report(ProducerEvent(event)) } }

    /// Passes a topic's partitions on to the appenders.
    private func publish(_ name: String) {
        guard let topic = parts.client.cluster.topics[name] else { return }
        let replaced = parts.accumulator.update(
            topic: name,
            partitionCount: Int32(topic.partitions.count),
            available: topic.available,
            near: parts.rack.map { topic.available(in: $0, of: parts.client.cluster) } ?? [],
            incarnation: topic.incarnation
        )
        guard !replaced.isEmpty else { return }
        adoptNewQueues(now: eventLoop.now)
        replacements.begin(replaced, ofTopic: name)
    }
}
