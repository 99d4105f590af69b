// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// One run of `perf`: makes the records, measures one load or several in turn, and tells the result.
struct PerfRun: Sendable {
    let plan: PerfPlan
    let console: Console

    /// Runs to the end and says how it went.
    func run() async -> ExitStatus {
        do {
            let json = try plan.json.map { path throws(UsageError) in try ResultFile(path, of: "--json") }
            let report = try plan.report.map { path throws(UsageError) in try ResultFile(path, of: "--report") }
            let load = try makeLoad()
            guard let wakeUp = WakeUp() else { throw UsageError("no file descriptor is left for this process") }
            let control = PerfControl(stop: StopRequest(wakeUp: wakeUp))
            SignalWatch.start { signal in signalled(signal, control) }
            if let compared = plan.compared {
                return try await compare(compared, load, control, json)
            }
            let result = try await measure(plan.settings, load, control)
            try json?.write(try JSONText.of(result) + "\n")
            try report?.write(PerfReport(result).html)
            return status(of: [result], control)
        } catch let error as PerfRefusal {
            if let signal = error.signal { return .signal(signal) }
            console.error("\(error.error)")
            return error.status
        } catch {
            return ExitStatus(of: error, console)
        }
    }

    private func makeLoad() throws -> PerfLoad {
        guard case .file(let path, _) = plan.values else { return try plan.load() }
        tell("Reading payloads from: \(path)")
        let load = try plan.load()
        tell("Number of messages read: \(load.pool?.count ?? 0)")
        return load
    }

    private func tell(_ line: String) {
        DescriptorWriter.write(line + "\n", to: 1)
    }

    /// Measures one load and prints it.
    private func measure(
        _ settings: SettingsPlan,
        _ load: PerfLoad,
        _ control: PerfControl,
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
                let result = try await measurement.run { line in tell(prefix + line) }
                tellResult(result, prefix)
                return result
            } catch let error as ProducerError {
                throw PerfRefusal(error, hasConnected: measurement.hasConnected, signal: control.stop.signal)
            }
        }
    }

    private func tellResult(_ result: PerfResult, _ prefix: String) {
        for line in Summary(ledger: result.ledger, seconds: result.seconds).failureLines { console.error(line) }
        tell(prefix + PerfLines.total(result.total, seconds: result.seconds))
        if let steady = result.steady {
            tell(prefix + PerfLines.total(steady.statistics, seconds: steady.seconds, isSteady: true))
        }
        if plan.metrics.printsAtEnd { tell(MetricsTable.text(result.metrics)) }
        for line in result.notices { console.notice(prefix + line) }
    }

    /// Measures both configurations in turn, each as often, and prints the ratios.
    private func compare(
        _ compared: (String, String),
        _ load: PerfLoad,
        _ control: PerfControl,
        _ json: ResultFile?
    ) async throws -> ExitStatus {
        var results: [[PerfResult]] = [[], []]
        let files = [compared.0, compared.1]
        // Whatever the machine does beside this, it does to both: they take turns, and who is first changes.
        rounds: for round in 0..<plan.rounds {
            for index in round.isMultiple(of: 2) ? [0, 1] : [1, 0] {
                guard control.stop.signal == nil else { break rounds }
                var settings = plan.settings
                settings.file = files[index]
                results[index].append(try await measure(settings, load, control, label: files[index]))
            }
        }
        if let comparison = PerfComparison(names: compared, results[0], results[1]) {
            for line in comparison.lines { tell(line) }
        }
        let document = PerfComparison.Document(names: compared, results[0], results[1])
        try json?.write(try JSONText.of(document) + "\n")
        return status(of: results.flatMap { $0 }, control)
    }

    private func status(of results: [PerfResult], _ control: PerfControl) -> ExitStatus {
        if let signal = control.stop.signal { return .signal(signal) }
        let isDelivered = results.allSatisfy { $0.ledger.failed == 0 && $0.ledger.unsettled == 0 }
        return isDelivered ? .delivered : .recordsFailed
    }

    /// The first signal ends sending, and what was sent is waited for; the second one ends the process.
    private func signalled(_ signal: Int32, _ control: PerfControl) {
        guard control.stop.received(signal) else {
            console.error("left at once")
            _exit(ExitStatus.signal(signal).code)
        }
        console.notice("waiting for what was sent; a second signal leaves at once")
        control.cancelWait()
    }
}
