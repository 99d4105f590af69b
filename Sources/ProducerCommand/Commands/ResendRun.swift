// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// One run of `resend`: reads dead letters, sends their records, and writes what fails again to a new file.
struct ResendRun: Sendable {
    let plan: ResendPlan
    let console: Console
    private let clock = RunClock()

    init(plan: ResendPlan, console: Console) {
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
        for source in plan.sources { _ = try InputDescriptor.check(source) }
        let configuration = try await plan.settings.configuration(console)
        if let id = configuration.transactionalID {
            throw UsageError("transactional.id=\(id): resend sends without transactions; leave it out")
        }
        console.detail(Guarantee(configuration).description)
        let run = try Run(console: console, clock: clock)
        let letters = plan.outputs.deadLetters
        let marks = try ResentFiles(plan.sources, again: plan.again, letters: letters, console)
        try marks.begin(console)
        defer { marks.removeEmpty() }
        let outputs = try openOutputs(beside: marks, report)
        return try await send(configuration, outputs, marks, run, report)
    }

    private func openOutputs(beside marks: ResentFiles, _ report: RunReport?) throws(UsageError) -> RecordOutputs {
        var taken = TakenFiles()
        for source in plan.sources { taken.reads(source) }
        if let identity = report?.identity { taken.uses(identity, as: "the file of the account") }
        for path in marks.paths { taken.uses(path, as: "the mark of what is sent again") }
        return try plan.outputs.open(taken: &taken, console: console)
    }

    private func send(
        _ configuration: ProducerConfiguration,
        _ outputs: RecordOutputs,
        _ marks: ResentFiles,
        _ run: Run,
        _ report: RunReport?
    ) async throws(ProducerError) -> ExitStatus {
        let log = ResendLog(
            news: RunNews(run, reachability: Reachability(configuration)),
            outputs: outputs,
            marks: marks
        )
        let signals = RunSignals(of: run)
        let producer = try KafkaProducer(configuration: configuration, observer: log)
        let load = WatchedResend(producer: producer, log: log, outputs: outputs, marks: marks)
        signals.begins(load)
        let end = await withTaskGroup { group in
            group.addTask { await RunWatch(load, of: run, onOutage: plan.onOutage).untilCancelled() }
            let end = await sendAll(load, run.stop)
            if end.refusal == nil || run.stop.signal != nil { await run.settle(producer) }
            group.cancelAll()
            return end
        }
        let seconds = clock.seconds
        await producer.close()
        await outputs.finish(run)
        await load.keep()
        let summary = Summary(ledger: load.ledger, seconds: seconds)
        report?.note(summary)
        return conclude(end, load, run, summary)
    }

    private func sendAll(_ load: WatchedResend, _ stop: StopRequest) async -> LetterLoader.End {
        let configuration = load.producer.configuration
        // In JSON a byte takes up to six characters.
        let longest = configuration.maxRequestSize.multipliedReportingOverflow(by: 6)
        return await BlockingThread.run {
            var loader = LetterLoader(
                sources: plan.sources,
                longestLine: (longest.overflow ? .max / 2 : longest.partialValue) + 65_536,
                producer: load.producer,
                marks: load.marks,
                log: load.log,
                stop: stop,
                notices: InputNotices(
                    report: { [console] in console.notice($0) },
                    warn: { [console] in console.warning($0) }
                )
            )
            return loader.run()
        }
    }

    private func conclude(_ reading: LetterLoader.End, _ load: WatchedResend, _ run: Run, _ summary: Summary)
        -> ExitStatus
    {
        let ledger = summary.ledger
        var end = RunEnd([ledger], stop: run.stop)
        (end.load, end.refusal, end.hasConnected) = (reading.load, reading.refusal, load.news.hasConnected)
        end.areOutputsIncomplete = load.outputs.areIncomplete || load.marks.areIncomplete
        load.news.reportFailures(of: ledger)
        console.say(end.lines + linesOnGoingOn(after: reading, ledger, load.outputs))
        console.notice(summary.line)
        return end.status
    }

    /// What is left of the files, and where failed records are.
    private func linesOnGoingOn(after end: LetterLoader.End, _ ledger: Ledger, _ outputs: RecordOutputs) -> [RunLine] {
        var lines: [RunLine] = []
        if end.load != .endOfInput {
            let place = end.lastPlace.map { "reading ended after \($0)" } ?? "nothing was sent"
            lines.append(.notice("\(place); keep the file and send what follows later"))
        }
        if ledger.failed > 0, let file = outputs.deadLetters?.file {
            lines.append(.notice("what failed again is in \(file)"))
        }
        return lines
    }
}
