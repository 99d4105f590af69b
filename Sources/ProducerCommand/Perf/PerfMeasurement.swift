// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// One load of a perf run with one configuration, from the first connection to the last answer.
struct PerfMeasurement: Sendable {
    /// How often counts are taken for the timeline.
    private static let glance = Duration.milliseconds(100)

    let plan: PerfPlan
    let load: PerfLoad
    let configuration: ProducerConfiguration
    private let context: Run
    private let signals: RunSignals
    private let recorder: PerfRecorder

    /// A measurement that is part of `run`, and that `signals` is about meanwhile.
    init(
        plan: PerfPlan,
        load: PerfLoad,
        configuration: ProducerConfiguration,
        _ run: Run,
        _ signals: RunSignals
    ) {
        self.plan = plan
        self.load = load
        self.configuration = configuration
        self.signals = signals
        context = run.withNewClock()
        recorder = PerfRecorder(
            news: RunNews(context, reachability: Reachability(configuration)),
            warmup: load.warmup,
            isTransactional: configuration.transactionalID != nil
        )
    }

    /// What is reported to a person while the load goes on.
    var news: RunNews { recorder.news }

    private var clock: RunClock { context.clock }

    /// Runs the load; lines of metrics go to `stats`, lines of progress through `report`.
    func run(_ stats: StatsOutput?, report: @escaping @Sendable (String) -> Void) async throws -> PerfResult {
        let stats = plan.metrics.writer(to: stats, clock)
        let producer = try KafkaProducer(configuration: configuration, observer: recorder)
        let watched = WatchedPerf(producer, recorder)
        signals.begins(watched)
        defer { signals.ends() }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await RunWatch(watched, of: context, onOutage: plan.onOutage).untilCancelled() }
            do {
                _ = try await producer.appender(topic: plan.topic, partition: plan.partition)
                let chain = chain(of: producer)
                try await chain?.begin()
                watched.begins()
                let result = await measure(producer, chain, stats, report)
                group.cancelAll()
                await producer.close()
                return result
            } catch {
                await producer.close()
                throw error
            }
        }
    }

    /// The transactions of the load, if it has any.
    private func chain(of producer: KafkaProducer) -> TransactionChain? {
        guard configuration.transactionalID != nil else { return nil }
        var cuts = TransactionCuts()
        cuts.interval = plan.transactionDuration
        let stop = context.stop
        return TransactionChain(producer, cuts, onFailure: { stop.wakeUp.wake() })
    }

    private func measure(
        _ producer: KafkaProducer,
        _ chain: TransactionChain?,
        _ stats: StatsWriter?,
        _ report: @escaping @Sendable (String) -> Void
    ) async -> PerfResult {
        let startedAt = TimeText.now()
        let before = ResourceUsage.current()
        let begin = clock.microseconds
        let start = Double(begin) / 1_000_000
        var (generated, timeline, end) = await withTaskGroup(of: Timeline?.self) { group in
            if load.warmup > 0 { report(PerfLines.warmup(load.warmup)) }
            group.addTask {
                await progress(report)
                return nil
            }
            if let stats {
                group.addTask {
                    await stats.run(producer) { recorder.ledger }
                    return nil
                }
            }
            group.addTask { await takeTimeline(of: producer, from: start) }
            let generated = await BlockingThread.run { generate(producer, chain, from: begin) }
            if let chain {
                await chain.finish()
                if let failure = chain.failure { news.console.error(chain.line(on: failure)) }
            } else {
                await context.settle(producer)
            }
            let end = clock.seconds
            group.cancelAll()
            var timeline = Timeline()
            for await case let watched? in group { timeline = watched }
            return (generated, timeline, end)
        }
        let seconds = max(end - start, 0.000_001)
        timeline.finish(sample(producer, at: seconds))
        let after = ResourceUsage.current()
        return await result(
            of: producer,
            generated: generated,
            timeline: timeline,
            stats,
            PerfResult.Costs(startedAt: startedAt, start: start, seconds: seconds, before: before, after: after)
        )
    }

    /// Hands the records over, on the thread that this is called on.
    @available(*, noasync)
    private func generate(
        _ producer: KafkaProducer,
        _ chain: TransactionChain?,
        from start: UInt64
    ) -> GeneratorTimes {
        // The topic is known by now: there is no appender only if the producer is closed.
        guard let appender = try? producer.waitForAppender(topic: plan.topic, partition: plan.partition) else {
            return GeneratorTimes(records: 0, pauses: 0, cpu: ThreadTime.seconds())
        }
        var generator = LoadGenerator(load, to: appender, recorder: recorder, run: context, start: start)
        generator.chain = chain
        generator.run()
        return GeneratorTimes(
            records: generator.sent,
            pauses: Double(generator.pauses) / 1_000_000,
            cpu: ThreadTime.seconds()
        )
    }

    private func result(
        of producer: KafkaProducer,
        generated: GeneratorTimes,
        timeline: Timeline,
        _ stats: StatsWriter?,
        _ costs: PerfResult.Costs
    ) async -> PerfResult {
        var state = recorder.current
        state.ledger.read = generated.records
        await stats?.write(producer, state.ledger)
        let times = LoadLimit.Times(
            elapsed: costs.seconds,
            input: generated.pauses,
            cpu: generated.cpu,
            producer: await producer.profile(),
            configuration
        )
        let sent = producer.statistics
        var limit = LoadLimit(times)
        if limit != nil { context.console.detail(times.description) }
        // A load that reaches the rate is limited by nothing else, however its sleeps were counted.
        if let rate = plan.rate, Double(state.total.records) >= 0.98 * rate * costs.seconds {
            limit = limit.map { _ in .rate }
        }
        if limit == .input { limit = .rate }
        if limit == .reader { limit = .generator }
        var steady: (LatencyStatistics, Double)?
        if load.warmup > 0, let begin = state.steadyBegin {
            steady = (state.steady, max(costs.start + costs.seconds - Double(begin) / 1_000_000, 0.001))
        }
        return PerfResult(
            topic: plan.topic,
            startedAt: costs.startedAt,
            total: state.total,
            steady: steady,
            ledger: state.ledger,
            seconds: costs.seconds,
            cpuSeconds: costs.after.cpuSeconds - costs.before.cpuSeconds,
            peakMemory: costs.after.peakMemory,
            batches: state.batches,
            requests: UInt64(sent.requestsSent),
            requestBytes: UInt64(sent.wireBytesSent),
            timeline: timeline,
            limit: limit,
            metrics: await producer.metrics(),
            settings: configuration.effectiveValues,
            load: plan.words
        )
    }

    /// What the generating thread has done.
    private struct GeneratorTimes: Sendable {
        var records: UInt64
        /// Seconds of sleep until the next record was due.
        var pauses: Double
        /// Its CPU time in seconds.
        var cpu: Double
    }

    /// Prints a line every interval until it is cancelled.
    private func progress(_ report: (String) -> Void) async {
        var last = clock.seconds
        var next = ContinuousClock.now + plan.interval
        var wasSteady = false
        while (try? await Task.sleep(until: next)) != nil {
            next += plan.interval
            let now = clock.seconds
            if !wasSteady, load.warmup > 0, recorder.isSteady {
                wasSteady = true
                report(PerfLines.steadyState)
            }
            report(PerfLines.window(recorder.takeWindow(), seconds: now - last))
            last = now
        }
    }

    /// Takes the counts every now and then until it is cancelled.
    private func takeTimeline(of producer: KafkaProducer, from start: Double) async -> Timeline {
        var timeline = Timeline()
        while (try? await Task.sleep(for: Self.glance)) != nil {
            timeline.add(sample(producer, at: max(0, clock.seconds - start)))
        }
        return timeline
    }

    private func sample(_ producer: KafkaProducer, at time: Double) -> Timeline.Sample {
        let counts = recorder.counts
        let sent = producer.statistics
        return Timeline.Sample(
            time: time,
            records: counts.records,
            bytes: counts.bytes,
            batches: counts.batches,
            batchBytes: counts.batchBytes,
            requests: UInt64(sent.requestsSent),
            requestBytes: UInt64(sent.wireBytesSent)
        )
    }
}
