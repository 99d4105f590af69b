// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// `kafka-producer perf`: measures how many records a cluster takes, and how soon.
struct PerfCommand: AsyncParsableCommand, NamingCommand {
    static let configuration = CommandConfiguration(
        commandName: "perf",
        abstract: "Generate load and measure throughput and latency, as kafka-producer-perf-test does.",
        usage: "kafka-producer perf --topic <topic> --num-records <count> --record-size <bytes> [options]",
        discussion: HelpText.perf
    )

    @OptionGroup(title: "Where to")
    var target: TargetOptions

    @OptionGroup(title: "Load")
    var load: PerfLoadOptions

    @OptionGroup(title: "Brokers and settings")
    var connection: ConnectionOptions

    @OptionGroup(title: "Brokers and settings")
    var settings: PerfSettingsOptions

    @OptionGroup(title: "Results")
    var results: PerfResultOptions

    @OptionGroup(title: "Failures")
    var outage: OutageOptions

    @OptionGroup(title: "Metrics")
    var metrics: MetricsOptions

    @OptionGroup(title: "What is said")
    var verbosity: VerbosityOptions

    var names = TypedNames()

    func run() async throws {
        let console = verbosity.console
        try await console.end { () async throws(UsageError) in
            await PerfRun(plan: try plan(), console: console).run()
        }
    }

    /// What these options ask for.
    func plan() throws(UsageError) -> PerfPlan {
        try target.check([], connection, names)
        try load.check()
        return PerfPlan(
            topic: try target.topicName([]),
            partition: target.partition,
            records: load.numRecords,
            warmup: load.warmupRecords,
            values: try load.values(),
            keys: try load.keys(),
            rate: load.throughput > 0 ? load.throughput : nil,
            interval: .milliseconds(Int64(load.reportingInterval)),
            settings: try settings.plan(connection, names, options: load.transactionSources),
            compared: try results.compared(with: connection.file),
            rounds: results.rounds,
            embeddedDataDirectory: target.embedded,
            metrics: try metrics.plan(),
            onOutage: outage.onOutage,
            transactionDuration: load.transactionDurationMs.map { .milliseconds($0) }
                ?? PerfLoadOptions.usualTransactionDuration,
            json: results.json,
            report: results.report
        )
    }
}
