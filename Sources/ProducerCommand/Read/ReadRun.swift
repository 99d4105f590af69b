// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProducer
import KafkaReader
import Logging

/// One run of `read`: reads the partitions and says how it went.
struct ReadRun {
    let plan: TopicReadPlan
    let console: Console
    private let clock = RunClock()

    init(plan: TopicReadPlan, console: Console) {
        self.plan = plan
        self.console = console
    }

    /// Runs to the end.
    func run() async -> ExitStatus {
        do {
            try OpenOutput.checkInherited(.descriptor(1), of: "read")
            return try await EmbeddedTarget.run(plan.embeddedDataDirectory, plan.settings) { settings in
                let configuration = try await settings.configuration(console)
                return try await read(configuration)
            }
        } catch {
            return ExitStatus(of: error, console)
        }
    }

    private func read(_ configuration: ProducerConfiguration) async throws -> ExitStatus {
        let run = try Run(console: console, clock: clock)
        let patience = "\(NumberText.duration(configuration.maxBlock)) (max.block.ms)"
        let news = RunNews(run, reachability: Reachability(patienceAtStart: patience, patienceLater: patience))
        let output = ReadOutput(limit: plan.limit, console: console)
        let reader = try await ReaderConnection.reader(configuration) { event in
            // A topic that stays away is the end of the run, which says so.
            if case .topicUnavailable = event { return }
            news.occurred(ProducerEvent(event))
        }
        let course = ReadCourse(plan, reader, output, news)
        let end = await ReadSignals(run, output).run { await course.run() }
        await reader.close()
        await output.finish()
        return conclude(end, output, run)
    }

    private func conclude(_ end: Result<Int, ReaderError>, _ output: ReadOutput, _ run: Run) -> ExitStatus {
        var status = ExitStatus.delivered
        var partitions = plan.partition == nil ? nil : 1
        switch end {
        case .success(let count): partitions = count
        case .failure(let error) where error.code != .cancelled:
            console.error("\(error)")
            status = ExitStatus(of: error)
        case .failure: break
        }
        if let misfit = output.misfit {
            console.error(misfit.line(of: plan.topic))
            status = .recordsFailed
        }
        if output.hasFailed { status = .outputIncomplete }
        if let signal = run.stop.signal { status = .signal(signal) }
        console.notice(ReadSummary(account: output.account, plan.topic, partitions, seconds: clock.seconds).line)
        return status
    }
}

extension ExitStatus {
    /// The status of a run that could not read on.
    init(of error: ReaderError) {
        self =
            switch error.code {
            case .noListener, .timedOut: .unreachable
            case .configuration: .usage
            default: .recordsFailed
            }
    }
}
