// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// One load of a perf run with one configuration, from the first connection to the last answer.
struct PerfMeasurement: Sendable {
    /// How often counts are looked at for the timeline.
    private static let look = Duration.milliseconds(100)

    let plan: PerfPlan
    let load: PerfLoad
    let configuration: ProducerConfiguration
    let console: Console
    let control: PerfControl
    private let clock = RunClock()
    private let recorder: PerfRecorder

    init(
        plan: PerfPlan,
        load: PerfLoad,
        configuration: ProducerConfiguration,
        console: Console,
        control: PerfControl
    ) {
        self.plan = plan
        self.load = load
        self.configuration = configuration
        self.console = console
        self.control = control
        recorder = PerfRecorder(
            console: console,
            clock: clock,
            warmup: load.warmup,
            reachability: Reachability(configuration)
        )
    }

    /// Whether any broker could be connected to.
    var hasConnected: Bool { recorder.news.hasConnected }

    /// Runs the load; lines of metrics go to `stats`, lines of progress through `tell`.
    func run(_ stats: StatsOutput?, tell: @escaping @Sendable (String) -> Void) async throws -> PerfResult {
        let stats = stats.flatMap { output in
            plan.metrics.interval.map { StatsWriter(interval: $0, clock: clock, output: output) }
        }
        let producer = try KafkaProducer(configuration: configuration, observer: recorder)
        control.waits(producer)
        control.accounts { [recorder, clock] in Summary(ledger: recorder.ledger, seconds: clock.seconds).soFar }
        let warnings = Task { await warn(producer) }
        defer { warnings.cancel() }
        let appender: RecordAppender
        do {
            appender = try await producer.appender(topic: plan.topic, partition: plan.partition)
            control.waits(nil)
        } catch {
            control.waits(nil)
            await producer.close()
            throw error
        }
        let result = await measure(producer, appender, stats, tell)
        await producer.close()
        return result
    }

    private func measure(
        _ producer: KafkaProducer,
        _ appender: RecordAppender,
        _ stats: StatsWriter?,
        _ tell: @escaping @Sendable (String) -> Void
    ) async -> PerfResult {
        let startedAt = TimeText.now()
        let before = ResourceUsage.current()
        let generator = LoadGenerator(
            load: load,
            appender: appender,
            recorder: recorder,
            clock: clock,
            stop: control.stop
        )
        let start = Double(generator.start) / 1_000_000
        var (generated, timeline, end) = await withTaskGroup(of: Timeline?.self) { group in
            if load.warmup > 0 { tell(PerfLines.warmup(load.warmup)) }
            group.addTask {
                await progress(tell)
                return nil
            }
            if let stats {
                group.addTask {
                    await stats.run(producer) { recorder.ledger }
                    return nil
                }
            }
            group.addTask { await watch(producer, from: start) }
            let generated = await BlockingThread.run {
                var generator = generator
                generator.run()
                return GeneratorTimes(
                    records: generator.sent,
                    pauses: Double(generator.pauses) / 1_000_000,
                    cpu: ThreadTime.seconds()
                )
            }
            await producer.flush()
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
            maxInFlight: configuration.maxInFlightRequestsPerConnection
        )
        let sent = producer.statistics
        var limit = LoadLimit(times)
        if limit != nil { console.detail(times.description) }
        // Whoever reaches the rate is limited by nothing else, however its sleeps were counted.
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
    private func progress(_ tell: (String) -> Void) async {
        var last = clock.seconds
        var next = ContinuousClock.now + plan.interval
        var wasSteady = false
        while (try? await Task.sleep(until: next)) != nil {
            next += plan.interval
            let now = clock.seconds
            if !wasSteady, load.warmup > 0, recorder.isSteady {
                wasSteady = true
                tell(PerfLines.steadyState)
            }
            tell(PerfLines.window(recorder.takeWindow(), seconds: now - last))
            last = now
        }
    }

    /// Looks at the counts until it is cancelled.
    private func watch(_ producer: KafkaProducer, from start: Double) async -> Timeline {
        var timeline = Timeline()
        while (try? await Task.sleep(for: Self.look)) != nil {
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

    /// Tells what a person who waits should know, until it is cancelled.
    private func warn(_ producer: KafkaProducer) async {
        var stalls = StallWatch()
        let outage = OutageWatch(plan.onOutage, configuration, stop: control.stop, console: console)
        while (try? await Task.sleep(for: .milliseconds(200))) != nil {
            let ledger = recorder.ledger
            recorder.news.tell(ledger)
            // Before the cluster is known, what cannot be reached is told already.
            let isWaiting = control.isWaiting && !recorder.news.hasToldAbsence
            await recorder.news.tellStall(
                &stalls,
                of: producer,
                progress: ledger.progress,
                isWaiting: producer.statistics.batchesIncomplete > 0 || isWaiting
            )
            await outage.look(producer, failed: recorder.ledger.failed)
        }
    }
}
