// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import KafkaProtocol
import Platform

/// Reads, sends and waits until every record is acknowledged or has failed.
struct Delivery: Sendable {
    /// How often a person is told how far it is, in seconds.
    private static let tick = Duration.milliseconds(200)

    let console: Console
    let clock: RunClock
    let stop: StopRequest
    private let configuration: ProducerConfiguration
    private let log: DeliveryLog
    private let counters = LoadCounters()
    private let gate = AppenderGate()
    private let showsProgress: Bool
    private let inputSize: UInt64?
    private let outputs: RecordOutputs
    private let errorHandling: ErrorHandling
    private let outage: OutageWatch
    private let checkpoint: CheckpointKeeper?
    private let stats: StatsWriter?
    private let printsMetrics: Bool

    init(
        console: Console,
        clock: RunClock,
        configuration: ProducerConfiguration,
        stop: StopRequest,
        showsProgress: Bool,
        inputSize: UInt64?,
        outputs: RecordOutputs,
        errorHandling: ErrorHandling = .continue,
        onOutage: OutageHandling = .stop,
        checkpoint: CheckpointKeeper? = nil,
        stats: StatsWriter? = nil,
        printsMetrics: Bool = false
    ) {
        self.stats = stats
        self.printsMetrics = printsMetrics
        self.errorHandling = errorHandling
        outage = OutageWatch(onOutage, configuration, stop: stop, console: console)
        self.checkpoint = checkpoint
        self.outputs = outputs
        self.console = console
        self.clock = clock
        self.configuration = configuration
        self.stop = stop
        self.inputSize = inputSize
        self.showsProgress = showsProgress
        log = DeliveryLog(
            console: console,
            clock: clock,
            reachability: Reachability(configuration),
            outputs: outputs,
            checkpoint: checkpoint,
            onFailure: { if errorHandling == .abort { stop.wakeUp.wake() } }
        )
    }

    /// The whole run, from the first connection to the account at the end.
    func run(
        topic: String,
        partition: Int32?,
        sources: [InputSource],
        settings: RecordSettings,
        follows: Bool
    ) async throws(ProducerError) -> ExitStatus {
        let producer = try KafkaProducer(
            configuration: configuration,
            observer: log,
            failurePolicy: errorHandling.failurePolicy
        )
        SignalWatch.start {
            console.answer(Summary(ledger: ledger, seconds: clock.seconds).soFar)
        } onEnd: { signal in
            signalled(signal, producer)
        }
        let loader = RecordLoader(
            sources: sources,
            settings: settings,
            gate: gate,
            wakeUp: stop.wakeUp,
            log: log,
            counters: counters,
            checkpoint: checkpoint,
            follows: follows
        )
        let (end, refusal) = await withTaskGroup { group in
            group.addTask { await watch(producer) }
            if let stats { group.addTask { await stats.run(producer) { ledger } } }
            async let reading = BlockingThread.run {
                var loader = loader
                return loader.run()
            }
            let refusal = await open(producer, topic: topic, partition: partition)
            let end = await reading
            if refusal == nil { await deliverRest(producer) }
            group.cancelAll()
            return (end, refusal)
        }
        let seconds = clock.seconds
        let limit = await limit(of: producer, seconds: seconds)
        await tellMetrics(of: producer)
        await producer.close()
        console.clearProgress()
        await outputs.finish(console, clock)
        await writeCheckpoint(isEnd: true)
        return conclude(end, refusal, seconds: seconds, limit: limit)
    }

    /// Waits until everything is delivered or has failed: after a signal no longer than `delivery.timeout.ms` from then.
    private func deliverRest(_ producer: KafkaProducer) async {
        guard let time = stop.time else { return await producer.flush() }
        let left = configuration.deliveryTimeout - (ContinuousClock.now - time)
        let end = Task {
            guard (try? await Task.sleep(for: max(.zero, left))) != nil else { return }
            await producer.close(timeout: .zero)
        }
        await producer.flush()
        end.cancel()
    }

    /// Waits for the cluster and lets the reading thread go on; returns why that cannot be.
    private func open(_ producer: KafkaProducer, topic: String, partition: Int32?) async -> ProducerError? {
        do throws(ProducerError) {
            gate.open(with: .appender(try await producer.appender(topic: topic, partition: partition)))
            return nil
        } catch {
            // In this order: what is read by now fails, and nothing else is read.
            stop.wakeUp.wake()
            gate.open(with: .refused(fault(of: error)))
            return error
        }
    }

    /// The account so far. Reading is counted by chunk, and the first records of one may be acked before its end.
    private var ledger: Ledger {
        var ledger = log.ledger
        ledger.read = max(counters.records, ledger.settled)
        return ledger
    }

    /// What held the load up, by where the time went; the figures are told with `-v`.
    private func limit(of producer: KafkaProducer, seconds: Double) async -> LoadLimit? {
        guard stop.signal == nil else { return nil }
        let times = LoadLimit.Times(
            elapsed: seconds - counters.timeToCluster / .seconds(1),
            input: counters.timeInInput / .seconds(1),
            cpu: counters.cpuSeconds,
            producer: await producer.profile(),
            maxInFlight: configuration.maxInFlightRequestsPerConnection
        )
        let limit = LoadLimit(times)
        if limit != nil { console.detail(times.description) }
        return limit
    }

    /// Metrics are told while the producer is there to be asked.
    private func tellMetrics(of producer: KafkaProducer) async {
        await stats?.write(producer, ledger)
        stats?.output.close()
        if printsMetrics { console.raw(MetricsTable.text(await producer.metrics())) }
    }

    /// What records that were read fail with when the cluster, or the topic, is not there.
    private func fault(of error: ProducerError) -> RecordFault {
        stop.signal == nil
            ? .notSent(error.kind, explanation(of: error))
            : .interrupted("a signal ended the load: \(error.message)")
    }

    /// The account, and the exit status that follows from it.
    private func conclude(
        _ end: LoadEnd,
        _ refusal: ProducerError?,
        seconds: Double,
        limit: LoadLimit?
    ) -> ExitStatus {
        let ledger = ledger
        let summary = Summary(ledger: ledger, seconds: seconds, limit: limit)
        for line in log.news.unsaid(summary.failureLines) { console.error(line) }
        if let refusal, ledger.failed == 0, stop.signal == nil {
            console.error(Summary.line(for: refusal, saying: explanation(of: refusal)))
        }
        tellEnd(end, ledger)
        console.notice(summary.line)
        if let signal = stop.signal { return .signal(signal) }
        // Had all been read by then, nothing was stopped.
        if stop.isOutage, end == .interrupted { return .unreachable }
        if let refusal { return status(of: refusal) }
        if case .unreadable = end { return .inputUnreadable }
        guard ledger.failed == 0, ledger.unsettled == 0 else { return .recordsFailed }
        let areIncomplete =
            outputs.areIncomplete || checkpoint?.isIncomplete == true || stats?.output.isIncomplete == true
        return areIncomplete ? .outputIncomplete : .delivered
    }

    /// Where reading ended if not at the end of the input, and where failed records are.
    private func tellEnd(_ end: LoadEnd, _ ledger: Ledger) {
        if case .unreadable(let error, let unread) = end {
            console.error("\(error)")
            if !unread.isEmpty { console.error("not read at all: \(unread.map(\.name).joined(separator: ", "))") }
        }
        if errorHandling == .abort, ledger.failed > 0 {
            console.error("stopped reading at the first failed record (--on-error abort)")
        }
        if end == .interrupted, stop.isOutage, let place = log.place(ofRecord: ledger.read, offset: counters.bytes) {
            let advice = OutageWatch.advice(
                end: place,
                firstFailed: log.firstFailed,
                deadLetters: outputs.deadLetters?.file,
                checkpoint: checkpoint?.path
            )
            for line in advice { console.notice(line) }
        } else if end == .interrupted, let place = log.place(ofRecord: ledger.read) {
            console.notice("reading ended before \(place); what follows was not read")
        }
        if ledger.failed > 0, let file = outputs.deadLetters?.file {
            console.notice("what failed is in \(file); kafka-producer resend \(file) sends it again")
        }
        for line in outputs.deadLetters?.unkept.lines ?? [] { console.warning(line) }
    }

    private func explanation(of error: ProducerError) -> String {
        guard error.code == .broker(.unknownTopicOrPartition), let topic = error.topic else { return "\(error)" }
        return "topic \(topic) does not exist, and the cluster did not make it within max.block.ms"
    }

    private func status(of error: ProducerError) -> ExitStatus {
        switch error.code {
        case .noBrokerReachable: .unreachable
        case .timedOut: log.news.hasConnected ? .recordsFailed : .unreachable
        case .configuration: .usage
        default: .recordsFailed
        }
    }

    /// Looks after the person who waits, until it is cancelled.
    private func watch(_ producer: KafkaProducer) async {
        var meter = ProgressMeter(inputSize: inputSize)
        var stalls = StallWatch()
        var ticks = 0
        while (try? await Task.sleep(for: Self.tick)) != nil {
            await writeCheckpoint(isEnd: false)
            let stall = await tellStall(producer, &stalls)
            await outage.look(producer, failed: log.ledger.failed)
            log.news.tell(log.ledger)
            ticks += 1
            // What is not rewritten in place is for reading later: once a second is enough.
            guard showsProgress, console.rewritesLines || ticks.isMultiple(of: 5) else { continue }
            let ledger = log.ledger
            let sample = ProgressMeter.Sample(
                time: clock.seconds,
                acked: ledger.acked,
                ackedBytes: ledger.ackedBytes,
                failed: ledger.failed,
                inFlight: counters.records - min(counters.records, ledger.settled),
                inputBytes: counters.bytes,
                stall: stall
            )
            console.progress(meter.line(sample))
        }
    }

    private func writeCheckpoint(isEnd: Bool) async {
        guard let checkpoint else { return }
        let time = clock.seconds
        await BlockingThread.run { checkpoint.write(at: time, isEnd: isEnd) }
    }

    /// Says what is waited for when nothing moves; returns it as long as that lasts.
    private func tellStall(_ producer: KafkaProducer, _ stalls: inout StallWatch) async -> String? {
        // Before the cluster is known, what cannot be reached is told already.
        let isSending = gate.isOpen ? producer.statistics.batchesIncomplete > 0 : !log.news.hasToldAbsence
        let reasons = await log.news.tellStall(
            &stalls,
            of: producer,
            progress: log.ledger.progress,
            isWaiting: isSending,
            receipts: outputs.receipts?.stallReason
        )
        return reasons.isEmpty ? nil : StallWatch.text(reasons)
    }

    /// The first signal ends reading, and what was read is delivered; the second one ends the process.
    private func signalled(_ signal: Int32, _ producer: KafkaProducer) {
        let isUnderWay = gate.isOpen
        let isFirst = stop.received(signal) {
            if isUnderWay { console.notice("delivering what was read; a second signal leaves at once") }
        }
        guard isFirst else {
            outputs.hurry()
            console.error("left at once; " + Summary(ledger: ledger, seconds: clock.seconds).line)
            _exit(ExitStatus.signal(signal).code)
        }
        // Nothing was handed over yet: what is waited for is the cluster, or the topic.
        guard isUnderWay else { return producer.interruptTopicWaits() }
        Task {
            // What is read and finds no memory must not wait for ever.
            try? await Task.sleep(for: configuration.deliveryTimeout)
            producer.interruptAppenders()
        }
    }
}
