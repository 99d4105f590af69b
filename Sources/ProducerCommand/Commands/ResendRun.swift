// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Platform

/// One run of `resend`: reads dead letters, sends their records, and writes what fails again to a new file.
struct ResendRun: Sendable {
    /// The most bytes of records under way. They are held twice, here and in their batches.
    private static let windowSize = 16 << 20

    let plan: ResendPlan
    let console: Console
    private let clock = RunClock()

    init(plan: ResendPlan, console: Console) {
        self.plan = plan
        self.console = console
    }

    /// Runs to the end and says how it went.
    func run() async -> ExitStatus {
        do {
            try plan.outputs.check()
            for source in plan.sources { _ = try InputDescriptor.check(source) }
            let configuration = try plan.settings.configuration(console)
            console.detail(Guarantee(configuration).description)
            guard let wakeUp = WakeUp() else { throw UsageError("no file descriptor is left for this process") }
            let letters = plan.outputs.deadLetters
            let marks = try ResentFiles(plan.sources, again: plan.again, letters: letters, console)
            try marks.begin(console)
            defer { marks.removeEmpty() }
            let outputs = try openOutputs(beside: marks)
            return try await send(configuration, outputs, marks, StopRequest(wakeUp: wakeUp))
        } catch {
            return ExitStatus(of: error, console)
        }
    }

    private func openOutputs(beside marks: ResentFiles) throws(UsageError) -> RecordOutputs {
        var taken = TakenFiles()
        for source in plan.sources { taken.reads(source) }
        for path in marks.paths { taken.uses(path, as: "the mark of what is sent again") }
        return try plan.outputs.open(taken: &taken, console: console)
    }

    /// How reading and sending ended.
    private struct End {
        var reading: LetterLoader.End
        /// Whether a later run is not told of all that this one has sent.
        var isMarkIncomplete: Bool
    }

    private func send(
        _ configuration: ProducerConfiguration,
        _ outputs: RecordOutputs,
        _ marks: ResentFiles,
        _ stop: StopRequest
    ) async throws(ProducerError) -> ExitStatus {
        let log = ResendLog(
            console: console,
            clock: clock,
            reachability: Reachability(configuration),
            outputs: outputs
        )
        let producer = try KafkaProducer(configuration: configuration, observer: log)
        SignalWatch.start {
            console.answer(Summary(ledger: log.ledger, seconds: clock.seconds).soFar)
        } onEnd: { signal in
            signalled(signal, stop, log, outputs, producer)
        }
        let reading = await withTaskGroup { group in
            let outage = OutageWatch(plan.onOutage, configuration, stop: stop, console: console)
            group.addTask { await watch(producer, log, outputs, marks, outage) }
            let reading = await sendAll(with: producer, configuration, log, marks, stop)
            if let time = stop.time {
                let left = configuration.deliveryTimeout - (ContinuousClock.now - time)
                await producer.close(timeout: max(.zero, left))
            } else if reading.refusal == nil {
                await producer.flush()
            }
            group.cancelAll()
            return reading
        }
        let seconds = clock.seconds
        await producer.close()
        await outputs.finish(console, clock)
        await BlockingThread.run { [console] in marks.write(outputs.deadLetters, console) }
        let end = End(reading: reading, isMarkIncomplete: marks.areIncomplete)
        return conclude(end, log, outputs, stop, seconds: seconds)
    }

    /// Looks after the person who waits, until it is cancelled.
    private func watch(
        _ producer: KafkaProducer,
        _ log: ResendLog,
        _ outputs: RecordOutputs,
        _ marks: ResentFiles,
        _ outage: OutageWatch
    ) async {
        var stalls = StallWatch()
        while (try? await Task.sleep(for: .milliseconds(200))) != nil {
            await BlockingThread.run { [console] in marks.write(outputs.deadLetters, console) }
            let ledger = log.ledger
            log.news.tell(ledger)
            await log.news.tellStall(
                &stalls,
                of: producer,
                progress: ledger.progress,
                isWaiting: ledger.unsettled > 0 && !log.news.hasToldAbsence,
                receipts: outputs.receipts?.stallReason
            )
            await outage.look(producer, failed: ledger.failed)
        }
    }

    private func sendAll(
        with producer: KafkaProducer,
        _ configuration: ProducerConfiguration,
        _ log: ResendLog,
        _ marks: ResentFiles,
        _ stop: StopRequest
    ) async -> LetterLoader.End {
        // In JSON a byte takes up to six characters.
        let longest = configuration.maxRequestSize.multipliedReportingOverflow(by: 6)
        let window = SendingWindow(byteLimit: min(Self.windowSize, configuration.bufferMemory / 2))
        let loader = LetterLoader(
            sources: plan.sources,
            longestLine: (longest.overflow ? .max / 2 : longest.partialValue) + 65_536,
            lane: LetterLane(producer, log, window),
            marks: marks,
            log: log,
            stop: stop,
            notices: InputNotices(tell: { [console] in console.notice($0) }, warn: { [console] in console.warning($0) })
        )
        return await BlockingThread.run {
            var loader = loader
            return loader.run()
        }
    }

    private func conclude(
        _ end: End,
        _ log: ResendLog,
        _ outputs: RecordOutputs,
        _ stop: StopRequest,
        seconds: Double
    ) -> ExitStatus {
        let ledger = log.ledger
        let summary = Summary(ledger: ledger, seconds: seconds)
        for line in log.news.unsaid(summary.failureLines) { console.error(line) }
        if case .unreadable(let error, _) = end.reading.load { console.error("\(error)") }
        if let refusal = end.reading.refusal {
            if stop.signal == nil {
                console.error(Summary.line(for: refusal, saying: "\(refusal)"))
            } else {
                console.notice("a signal ended the wait: \(refusal.message)")
            }
        }
        if end.reading.load != .endOfInput {
            let place = end.reading.lastPlace.map { "reading ended after \($0)" } ?? "nothing was sent"
            console.notice("\(place); keep the file and send what follows later")
        }
        if ledger.failed > 0, let file = outputs.deadLetters?.file {
            console.notice("what failed again is in \(file)")
        }
        console.notice(summary.line)
        if let signal = stop.signal { return .signal(signal) }
        if end.reading.refusal != nil || stop.isOutage && end.reading.load == .interrupted { return .unreachable }
        if case .unreadable = end.reading.load { return .inputUnreadable }
        guard ledger.failed == 0, ledger.unsettled == 0 else { return .recordsFailed }
        return outputs.areIncomplete || end.isMarkIncomplete ? .outputIncomplete : .delivered
    }

    /// The first signal ends reading, and what was read is delivered; the second one ends the process.
    private func signalled(
        _ signal: Int32,
        _ stop: StopRequest,
        _ log: ResendLog,
        _ outputs: RecordOutputs,
        _ producer: KafkaProducer
    ) {
        let isUnderWay = log.ledger.unsettled > 0
        let isFirst = stop.received(signal) {
            if isUnderWay { console.notice("delivering what was read; a second signal leaves at once") }
        }
        guard isFirst else {
            outputs.hurry()
            console.error("left at once; " + Summary(ledger: log.ledger, seconds: clock.seconds).line)
            _exit(ExitStatus.signal(signal).code)
        }
        producer.interruptTopicWaits()
    }
}
