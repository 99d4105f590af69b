// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Platform

/// A run of `send` that reads and checks everything and sends nothing.
struct DryRun {
    private let plan: SendPlan
    private let output: DryRunOutput
    private let console: Console

    init(_ plan: SendPlan, _ output: DryRunOutput, _ console: Console) {
        (self.plan, self.output, self.console) = (plan, output, console)
    }

    /// Reads all, prints what it comes to, and returns the status that a load would have if every broker took everything.
    func run(_ report: RunReport?) async throws -> ExitStatus {
        let run = try Run(console: console)
        let (settings, isNamed) = try plan.settings.withPlaceholder()
        let configuration = try await settings.configuration(console)
        let target =
            isNamed && plan.embeddedDataDirectory == nil
            ? try await DryRunTarget(configuration, topic: plan.topic) : DryRunTarget()
        let records = try RecordSettings(plan: plan, configuration: configuration)
        let printer = StandardOutput(console: console)
        watchSignals(run)
        let result = try await load(run, configuration, records, target, printer)
        var summary = Summary(ledger: result.account.ledger, seconds: run.clock.seconds)
        summary.isDry = true
        report?.note(summary)
        var end = RunEnd([], stop: run.stop)
        end.load = result.end
        end.leastRecords = plan.bounds.least
        end.ledgers = [result.account.ledger.asIfAcked]
        for line in summary.failureLines { console.error(line) }
        console.say(end.lines)
        let lines = DryRunReport(result, configuration, target).lines
        if output == .account {
            printer.write(lines.map { $0 + "\n" }.joined())
        } else {
            for line in lines { console.notice(line) }
        }
        console.notice("nothing was sent (--dry-run)")
        return printer.isIncomplete && end.status == .delivered ? .outputIncomplete : end.status
    }

    private func watchSignals(_ run: Run) {
        SignalWatch.start(
            onReport: {},
            onEnd: { signal in
                if !run.stop.received(signal, announce: {}) { _exit(ExitStatus.signal(signal).code) }
            }
        )
    }

    private func load(
        _ run: Run,
        _ configuration: ProducerConfiguration,
        _ records: RecordSettings,
        _ target: DryRunTarget,
        _ printer: StandardOutput
    ) async throws(ProducerError) -> DryRunLoader.Result {
        // What the codec refuses is reported before anything is read.
        _ = try CompressionSample(configuration)
        let (plan, console, prints) = (plan, console, output == .records)
        let result = await BlockingThread.run { () -> DryRunLoader.Result? in
            guard let sample = try? CompressionSample(configuration) else { return nil }
            let line = DryRunLine(printer)
            let loader = DryRunLoader(
                plan,
                records,
                DryRunAccount(configuration, records, target),
                sample: sample,
                wakeUp: run.stop.wakeUp,
                notices: InputNotices(report: { console.notice($0) }, warn: { console.warning($0) }),
                onRecord: { record, place, partition in prints ? line.print(record, place, partition) : true }
            )
            let result = loader.run()
            line.finish()
            return result
        }
        guard let result else { throw ProducerError(.compression, message: "there is no memory for the codec") }
        return result
    }
}
