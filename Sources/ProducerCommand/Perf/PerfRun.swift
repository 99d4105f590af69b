// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// One run of `perf`: makes the records, measures one load or several in turn, and reports the result.
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
            try plan.embeddedDataDirectory == nil ? settings.check() : settings.checkForEmbeddedBroker()
        }
    }

    private func run(_ outputs: PerfOutputs) async -> ExitStatus {
        do {
            let load = try makeLoad(outputs)
            let loads = Loads(load: load, run: try Run(console: console), outputs: outputs)
            if let compared = plan.compared { return await compare(compared, loads) }
            do {
                let result = try await measure(plan.settings, loads)
                let page = plan.report.map { _ in PerfReport(result).html }
                let isWritten = outputs.write(json: result, report: page)
                return status(of: [result], load, loads.run, isWritten: isWritten)
            } catch {
                return status(of: error, loads.run)
            }
        } catch {
            return ExitStatus(of: error, console)
        }
    }

    /// What the loads of a run have in common.
    private struct Loads: Sendable {
        let load: PerfLoad
        let run: Run
        let outputs: PerfOutputs
        let signals: RunSignals

        init(load: PerfLoad, run: Run, outputs: PerfOutputs) {
            self.load = load
            self.run = run
            self.outputs = outputs
            signals = RunSignals(of: run)
        }
    }

    private func makeLoad(_ outputs: PerfOutputs) throws -> PerfLoad {
        guard case .file(let path, _) = plan.values else { return try plan.load() }
        outputs.report("Reading payloads from: \(path)")
        let load = try plan.load()
        outputs.report("Number of messages read: \(load.pool?.count ?? 0)")
        return load
    }

    /// Measures one load and prints it.
    private func measure(
        _ settings: SettingsPlan,
        _ loads: Loads,
        label: String? = nil
    ) async throws -> PerfResult {
        let prefix = label.map { "\($0): " } ?? ""
        let outputs = loads.outputs
        return try await EmbeddedTarget.run(plan.embeddedDataDirectory, settings) { settings in
            let measurement = PerfMeasurement(
                plan: plan,
                load: loads.load,
                configuration: try await settings.configuration(console),
                loads.run,
                loads.signals
            )
            do {
                let result = try await measurement.run(outputs.stats) { line in outputs.report(prefix + line) }
                measurement.news.reportFailures(of: result.ledger)
                report(result, prefix, outputs)
                return result
            } catch let error as ProducerError {
                throw PerfRefusal(error: error, hasConnected: measurement.news.hasConnected)
            }
        }
    }

    private func report(_ result: PerfResult, _ prefix: String, _ outputs: PerfOutputs) {
        outputs.report(prefix + PerfLines.total(result.total, seconds: result.seconds))
        if let steady = result.steady {
            outputs.report(prefix + PerfLines.total(steady.statistics, seconds: steady.seconds, isSteady: true))
        }
        if plan.metrics.printsAtEnd { outputs.report(MetricsTable.text(result.metrics)) }
        for line in result.notices { console.notice(prefix + line) }
    }

    /// Measures both configurations in turn, each as often, and prints the ratios. What was measured before a failure is
    /// reported too.
    private func compare(_ compared: (String, String), _ loads: Loads) async -> ExitStatus {
        var results: [[PerfResult]] = [[], []]
        var failure: (any Error)?
        let files = [compared.0, compared.1]
        // Whatever the machine does beside this, it does to both: they take turns, and who is first changes.
        rounds: for round in 0..<plan.rounds {
            for index in round.isMultiple(of: 2) ? [0, 1] : [1, 0] {
                guard !loads.run.stop.isRequested else { break rounds }
                var settings = plan.settings
                settings.file = files[index]
                do {
                    results[index].append(try await measure(settings, loads, label: files[index]))
                } catch {
                    failure = error
                    break rounds
                }
            }
        }
        if let comparison = PerfComparison(names: compared, results[0], results[1]) {
            for line in comparison.lines { loads.outputs.report(line) }
        }
        let document = PerfComparison.Document(names: compared, results[0], results[1])
        let isWritten = loads.outputs.write(json: document, report: nil)
        guard let failure else {
            return status(of: results.flatMap { $0 }, loads.load, loads.run, isWritten: isWritten)
        }
        let status = status(of: failure, loads.run)
        // Something was sent.
        return status == .usage && !results.allSatisfy(\.isEmpty) ? .recordsFailed : status
    }

    private func status(of results: [PerfResult], _ load: PerfLoad, _ run: Run, isWritten: Bool) -> ExitStatus {
        var end = RunEnd(results.map(\.ledger), stop: run.stop)
        end.load = results.allSatisfy { $0.ledger.read == load.records } ? .endOfInput : .interrupted
        end.areOutputsIncomplete = !isWritten
        return end.status
    }

    /// Says why nothing more could be measured.
    private func status(of error: any Error, _ run: Run) -> ExitStatus {
        guard let refusal = error as? PerfRefusal else { return ExitStatus(of: error, console) }
        var end = RunEnd([], stop: run.stop)
        (end.load, end.refusal, end.hasConnected) = (.interrupted, refusal.error, refusal.hasConnected)
        console.say(end.lines)
        return end.status
    }
}
