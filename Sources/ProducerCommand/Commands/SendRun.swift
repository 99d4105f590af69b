// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// One run of `send`: checks everything that can be checked, then reads and delivers.
struct SendRun {
    let plan: SendPlan
    let console: Console
    private let clock = RunClock()

    init(plan: SendPlan, console: Console) {
        self.plan = plan
        self.console = console
    }

    /// Runs to the end and says how it went.
    func run() async -> ExitStatus {
        await RunReport.run(to: plan.summary, beside: plan.sources, clock, console) { report throws in
            try await prepareAndSend(report)
        }
    }

    private func prepareAndSend(_ report: RunReport?) async throws -> ExitStatus {
        try plan.outputs.check()
        try plan.metrics.check()
        for warning in plan.warnings { console.warning(warning) }
        let inputs = try checkInputs()
        if let output = plan.dryRun { return try await DryRun(plan, output, console).run(report) }
        return try await EmbeddedTarget.run(plan.embeddedDataDirectory, plan.settings) { settings in
            try await send(try await settings.configuration(console), inputs, report)
        }
    }

    /// What is known of the inputs before they are read.
    private struct Inputs {
        /// The size of all, when it is known.
        var size: UInt64? = 0
        /// Whether a person types them.
        var isTyped = false
    }

    /// Checks every input before anything is sent.
    private func checkInputs() throws(InputError) -> Inputs {
        var inputs = Inputs()
        for source in plan.sources {
            // It is waited for.
            if plan.waits(for: source) {
                inputs.size = nil
                continue
            }
            let kind = try InputDescriptor.check(source)
            inputs.size = if let size = kind.size, let known = inputs.size { known + size } else { nil }
            if kind == .stream(isTerminal: true) { inputs.isTyped = true }
        }
        if inputs.isTyped { console.notice("reading lines from the terminal; Ctrl-D ends them") }
        return inputs
    }

    private func send(
        _ configuration: ProducerConfiguration,
        _ inputs: Inputs,
        _ report: RunReport?
    ) async throws -> ExitStatus {
        let configuration = plan.exactlyOnce?.configuration(configuration, plan.cuts) ?? configuration
        try plan.exactlyOnce?.check(plan)
        try checkBounds()
        try checkTransactions(configuration)
        let settings = try RecordSettings(plan: plan, configuration: configuration)
        let run = try Run(console: console, clock: clock)
        let checkpoint = try plan.checkpoint.map { path in
            let resume = CheckpointPlan(path: path, plan: plan)
            return (file: resume.file, from: try resume.start())
        }
        if let checkpoint, checkpoint.from.isResumed {
            let place = checkpoint.from.summary
            if checkpoint.from.isComplete, !plan.follows {
                console.notice("nothing to send: \(place), as \(checkpoint.file.path) says")
                var end = RunEnd([Ledger(skipped: checkpoint.from.records)], stop: run.stop)
                end.leastRecords = plan.bounds.least
                console.say(end.lines)
                let summary = Summary(ledger: Ledger(skipped: checkpoint.from.records), seconds: clock.seconds)
                report?.note(summary)
                console.notice(summary.line)
                return end.status
            }
            console.notice("going on where \(checkpoint.file.path) says: \(place)")
        }
        if let source = plan.sources.last { checkpoint?.from.renamed?.say(of: source.name, console) }
        try checkpoint.map { checkpoint throws(UsageError) in try checkpoint.file.begin(with: checkpoint.from.base.text)
        }
        console.detail(plan.exactlyOnce?.guarantee ?? Guarantee(configuration).description)
        let (stats, outputs) = try openOutputs(beside: report)
        var delivery = DeliveryPlan(
            load: DeliveryPlan.Load(
                topic: plan.topic,
                partition: plan.partition,
                sources: plan.sources,
                settings: settings,
                follows: plan.follows,
                bounds: plan.bounds,
                inputSize: inputs.size
            ),
            configuration: configuration
        )
        delivery.outputs = outputs
        if plan.verifies { delivery.outputs.sent = SentRanges(isTransactional: configuration.transactionalID != nil) }
        if configuration.transactionalID != nil { delivery.cuts = plan.cuts }
        delivery.errorHandling = plan.errorHandling
        delivery.onOutage = plan.onOutage
        delivery.checkpoint = checkpoint.map {
            CheckpointKeeper(file: $0.file, start: $0.from, deadLetters: outputs.deadLetters, console: console)
        }
        delivery.stats = plan.metrics.writer(to: stats, clock)
        delivery.report = report
        delivery.printsMetrics = plan.metrics.printsAtEnd
        delivery.showsProgress = showsProgress(inputs)
        guard let exactlyOnce = plan.exactlyOnce else { return try await Delivery(delivery, run).run() }
        return try await ExactlyOnceDelivery(exactlyOnce, try exactlyOnce.request(plan), delivery, run).run()
    }

    /// Throws what would end a load that is sent exactly once elsewhere than at its end.
    private func checkBounds() throws(UsageError) {
        guard plan.exactlyOnce != nil else { return }
        if plan.bounds.count != nil {
            throw UsageError("--count does not go together with --exactly-once, which sends the inputs to their end")
        }
        if plan.verifies {
            throw UsageError(
                "--verify does not go together with --exactly-once: kafka-producer read shows what is committed"
            )
        }
    }

    /// Throws what does not go together with transactions, or needs them.
    private func checkTransactions(_ configuration: ProducerConfiguration) throws(UsageError) {
        guard configuration.transactionalID != nil else {
            guard let option = plan.cutOption else { return }
            throw UsageError("\(option) needs --transactional-id: without it there is nothing to commit")
        }
        if plan.bounds.pace != nil {
            throw UsageError("--pace does not go together with transactions, which may not stay open for long")
        }
        if plan.checkpoint != nil {
            throw UsageError("--checkpoint does not go together with transactions: it would note what is not committed")
        }
        guard plan.cuts.interval < configuration.transactionTimeout else {
            throw UsageError(
                "--commit-interval must be shorter than transaction.timeout.ms, which is "
                    + "\(configuration.transactionTimeout / .milliseconds(1)) ms: the coordinator would abort the transactions"
            )
        }
    }

    /// Opens everything that is written beside the records. What was made is removed when something cannot be opened.
    private func openOutputs(beside report: RunReport?) throws(UsageError) -> (StatsOutput?, RecordOutputs) {
        var taken = TakenFiles()
        if let identity = report?.identity { taken.uses(identity, as: "the file of the account") }
        for source in plan.sources { taken.reads(source) }
        if let path = plan.checkpoint { taken.uses(path, as: "the checkpoint") }
        let stats = try plan.metrics.open(console, taken: &taken)
        do throws(UsageError) {
            return (stats, try plan.outputs.open(taken: &taken, console: console))
        } catch {
            stats?.close()
            throw error
        }
    }

    private func showsProgress(_ inputs: Inputs) -> Bool {
        switch plan.progress {
        // A line that is rewritten in place would run over what is being typed, and over receipts.
        case .auto:
            console.rewritesLines && console.verbosity > .quiet && !inputs.isTyped && !plan.outputs.writesToTerminal
        case .always: console.verbosity > .quiet
        case .never: false
        }
    }
}
