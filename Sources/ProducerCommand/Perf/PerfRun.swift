// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Platform

/// One run of `perf`: makes the records, measures one load or several in turn, and tells the result.
struct PerfRun: Sendable {
    let plan: PerfPlan
    let console: Console

    /// Runs to the end and says how it went.
    func run() async -> ExitStatus {
        do {
            try plan.metrics.check()
            try checkSettings()
            let outputs = try PerfOutputs(plan, console)
            let status = await run(outputs)
            outputs.stats?.close()
            return status == .delivered && outputs.areIncomplete ? .outputIncomplete : status
        } catch {
            return ExitStatus(of: error, console)
        }
    }

    /// Throws what is wrong with the settings of any load, while nothing is sent.
    private func checkSettings() throws(ConfigurationError) {
        for file in plan.compared.map({ [$0.0, $0.1] }) ?? [plan.settings.file] {
            var settings = plan.settings
            settings.file = file
            if plan.embeddedDataDirectory != nil {
                let source = PropertySource(name: "--embedded", key: "bootstrap.servers", value: "localhost:9092")
                settings.sources.append(source)
            }
            _ = try ProducerConfiguration(merging: try settings.load().sources)
        }
    }

    private func run(_ outputs: PerfOutputs) async -> ExitStatus {
        do {
            let load = try makeLoad(outputs)
            guard let wakeUp = WakeUp() else { throw UsageError("no file descriptor is left for this process") }
            let control = PerfControl(stop: StopRequest(wakeUp: wakeUp))
            SignalWatch.start {
                if let account = control.account { console.answer(account) }
            } onEnd: { signal in
                signalled(signal, control)
            }
            if let compared = plan.compared { return await compare(compared, load, control, outputs) }
            let result = try await measure(plan.settings, load, control, outputs)
            let page = plan.report.map { _ in PerfReport(result).html }
            let isWritten = outputs.write(json: result, report: page)
            return status(of: [result], control, isWritten: isWritten)
        } catch {
            return status(of: error)
        }
    }

    private func makeLoad(_ outputs: PerfOutputs) throws -> PerfLoad {
        guard case .file(let path, _) = plan.values else { return try plan.load() }
        outputs.tell("Reading payloads from: \(path)")
        let load = try plan.load()
        outputs.tell("Number of messages read: \(load.pool?.count ?? 0)")
        return load
    }

    /// Measures one load and prints it.
    private func measure(
        _ settings: SettingsPlan,
        _ load: PerfLoad,
        _ control: PerfControl,
        _ outputs: PerfOutputs,
        label: String? = nil
    ) async throws -> PerfResult {
        let prefix = label.map { "\($0): " } ?? ""
        return try await EmbeddedTarget.run(plan.embeddedDataDirectory, settings) { settings in
            let measurement = PerfMeasurement(
                plan: plan,
                load: load,
                configuration: try settings.configuration(console),
                console: console,
                control: control
            )
            do {
                let result = try await measurement.run(outputs.stats) { line in outputs.tell(prefix + line) }
                tellResult(result, prefix, outputs)
                return result
            } catch let error as ProducerError {
                throw PerfRefusal(error, hasConnected: measurement.hasConnected, signal: control.stop.signal)
            }
        }
    }

    private func tellResult(_ result: PerfResult, _ prefix: String, _ outputs: PerfOutputs) {
        for line in Summary(ledger: result.ledger, seconds: result.seconds).failureLines { console.error(line) }
        outputs.tell(prefix + PerfLines.total(result.total, seconds: result.seconds))
        if let steady = result.steady {
            outputs.tell(prefix + PerfLines.total(steady.statistics, seconds: steady.seconds, isSteady: true))
        }
        if plan.metrics.printsAtEnd { outputs.tell(MetricsTable.text(result.metrics)) }
        for line in result.notices { console.notice(prefix + line) }
    }

    /// Measures both configurations in turn, each as often, and prints the ratios. What was measured before a failure is told
    /// too.
    private func compare(
        _ compared: (String, String),
        _ load: PerfLoad,
        _ control: PerfControl,
        _ outputs: PerfOutputs
    ) async -> ExitStatus {
        var results: [[PerfResult]] = [[], []]
        var failure: (any Error)?
        let files = [compared.0, compared.1]
        // Whatever the machine does beside this, it does to both: they take turns, and who is first changes.
        rounds: for round in 0..<plan.rounds {
            for index in round.isMultiple(of: 2) ? [0, 1] : [1, 0] {
                guard !control.stop.isRequested else { break rounds }
                var settings = plan.settings
                settings.file = files[index]
                do {
                    results[index].append(try await measure(settings, load, control, outputs, label: files[index]))
                } catch {
                    failure = error
                    break rounds
                }
            }
        }
        if let comparison = PerfComparison(names: compared, results[0], results[1]) {
            for line in comparison.lines { outputs.tell(line) }
        }
        let document = PerfComparison.Document(names: compared, results[0], results[1])
        let isWritten = outputs.write(json: document, report: nil)
        guard let failure else { return status(of: results.flatMap { $0 }, control, isWritten: isWritten) }
        let status = status(of: failure)
        // Something was sent.
        return status == .usage && !results.allSatisfy(\.isEmpty) ? .recordsFailed : status
    }

    private func status(of results: [PerfResult], _ control: PerfControl, isWritten: Bool) -> ExitStatus {
        if let signal = control.stop.signal { return .signal(signal) }
        if control.stop.isOutage { return .unreachable }
        let isDelivered = results.allSatisfy { $0.ledger.failed == 0 && $0.ledger.unsettled == 0 }
        guard isDelivered else { return .recordsFailed }
        return isWritten ? .delivered : .outputIncomplete
    }

    /// Says why nothing more could be measured.
    private func status(of error: any Error) -> ExitStatus {
        guard let refusal = error as? PerfRefusal else { return ExitStatus(of: error, console) }
        if let signal = refusal.signal {
            console.notice("a signal ended the wait, nothing was sent: \(refusal.error.message)")
            return .signal(signal)
        }
        console.error("\(refusal.error)")
        return refusal.status
    }

    /// The first signal ends sending, and what was sent is waited for; the second one ends the process.
    private func signalled(_ signal: Int32, _ control: PerfControl) {
        let isFirst = control.stop.received(signal) {
            guard !control.isWaiting else { return }
            console.notice("waiting for what was sent; a second signal leaves at once")
        }
        guard isFirst else {
            console.error("left at once" + (control.account.map { "; \($0)" } ?? ""))
            _exit(ExitStatus.signal(signal).code)
        }
        control.interruptWait()
    }
}
