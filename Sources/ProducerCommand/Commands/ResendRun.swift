// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

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
            guard let wakeUp = WakeUp() else { throw UsageError("no file descriptor is left for this process") }
            let outputs = try plan.outputs.open(beside: plan.sources, console: console)
            return try await send(configuration, outputs, StopRequest(wakeUp: wakeUp))
        } catch {
            return ExitStatus(of: error, console)
        }
    }

    /// How reading and sending ended.
    private enum End: Equatable {
        case input(LoadEnd)
        /// The cluster cannot be reached at all; the lines that follow were not read.
        case refused(ProducerError)
    }

    private func send(
        _ configuration: ProducerConfiguration,
        _ outputs: RecordOutputs,
        _ stop: StopRequest
    ) async throws(ProducerError) -> ExitStatus {
        let log = ResendLog(
            console: console,
            clock: clock,
            reachability: Reachability(configuration),
            outputs: outputs
        )
        let producer = try KafkaProducer(configuration: configuration, observer: log)
        SignalWatch.start { signal in signalled(signal, stop, log) }
        let end = await withTaskGroup { group in
            group.addTask {
                while (try? await Task.sleep(for: .milliseconds(200))) != nil {
                    for line in log.overdueWarnings() { console.warning(line) }
                }
            }
            let end = await sendAll(with: producer, configuration, log, stop)
            if case .input = end { await producer.flush() }
            group.cancelAll()
            return end
        }
        let seconds = clock.seconds
        await producer.close()
        await outputs.finish()
        return conclude(end, log, outputs, stop, seconds: seconds)
    }

    private func sendAll(
        with producer: KafkaProducer,
        _ configuration: ProducerConfiguration,
        _ log: ResendLog,
        _ stop: StopRequest
    ) async -> End {
        // In JSON a byte takes up to six characters.
        let longest = configuration.maxRequestSize.multipliedReportingOverflow(by: 6)
        let source = LineSource(
            sources: plan.sources,
            longestLine: (longest.overflow ? .max / 2 : longest.partialValue) + 65_536,
            wakeUp: stop.wakeUp
        )
        var sender = LetterSender(
            producer: producer,
            log: log,
            window: SendingWindow(byteLimit: min(Self.windowSize, configuration.bufferMemory / 2))
        )
        while true {
            await log.waitForRoom { stop.signal != nil }
            switch await source.next() {
            case .end: return .input(.endOfInput)
            case .interrupted: return .input(.interrupted)
            case .unreadable(let error): return .input(.unreadable(error))
            case .lines(let lines):
                for line in lines {
                    guard stop.signal == nil else { return .input(.interrupted) }
                    if let refusal = await sender.send(line) { return .refused(refusal) }
                }
            }
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
        for line in summary.failureLines { console.error(line) }
        if case .input(.unreadable(let error)) = end { console.error("\(error)") }
        if case .refused(let error) = end {
            console.error("\(error)")
            return stop.signal.map { .signal($0) } ?? .unreachable
        }
        console.notice(summary.line)
        if ledger.failed > 0, let file = plan.outputs.deadLetters, !outputs.areIncomplete {
            console.notice("what failed again is in \(file.name)")
        }
        if let signal = stop.signal { return .signal(signal) }
        if case .input(.unreadable) = end { return .inputUnreadable }
        guard ledger.failed == 0, ledger.unsettled == 0 else { return .recordsFailed }
        return outputs.areIncomplete ? .outputIncomplete : .delivered
    }

    /// The first signal ends reading, and what was read is delivered; the second one ends the process.
    private func signalled(_ signal: Int32, _ stop: StopRequest, _ log: ResendLog) {
        guard stop.received(signal) else {
            console.error("left at once; " + Summary(ledger: log.ledger, seconds: clock.seconds).line)
            _exit(ExitStatus.signal(signal).code)
        }
        console.notice("delivering what was read; a second signal leaves at once")
    }
}
