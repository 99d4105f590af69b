// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// `kafka-producer send`: sends the lines of files or of standard input.
struct SendCommand: AsyncParsableCommand, NamingCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send the lines of files or of standard input to a Kafka topic.",
        usage: "kafka-producer [send] --topic <topic> [options] [<file> ...]"
    )

    @OptionGroup(title: "Where to")
    var target: TargetOptions

    @OptionGroup(title: "Records")
    var input: InputOptions

    @OptionGroup(title: "How much and how fast")
    var load: LoadOptions

    @OptionGroup(title: "Brokers and settings")
    var connection: ConnectionOptions

    @OptionGroup(title: "Brokers and settings")
    var settings: SettingsOptions

    @OptionGroup(title: "Single settings, by the names of kafka-console-producer")
    var consoleProducer: ConsoleProducerOptions

    @OptionGroup(title: "Receipts and dead letters")
    var recordOutputs: RecordOutputOptions

    @OptionGroup(title: "Failures and going on")
    var outage: OutageOptions

    @OptionGroup(title: "Failures and going on")
    var resume: ResumeOptions

    @OptionGroup(title: "Transactions")
    var transactions: TransactionOptions

    @OptionGroup(title: "Transactions")
    var exactlyOnce: ExactlyOnceOptions

    @OptionGroup(title: "Metrics")
    var metrics: MetricsOptions

    @OptionGroup(title: "Metrics")
    var summary: SummaryOptions

    @OptionGroup(title: "What is said")
    var output: OutputOptions

    @OptionGroup(title: "What is said")
    var verbosity: VerbosityOptions

    var names = TypedNames()

    func run() async throws {
        let console = verbosity.console
        try await console.end { () async throws(UsageError) in
            await SendRun(plan: try plan(), console: console).run()
        }
    }

    /// An option that counts the bytes of the input files as they are stored.
    private var countsBytes: String? { resume.follow ? "--follow" : nil }

    /// Throws where a pace cannot be kept.
    private func checkPace(_ pace: Pace?, _ format: RecordFormat) throws(UsageError) {
        guard pace != nil else { return }
        guard format.hasTimestamps else {
            throw UsageError(
                "--pace goes by the timestamps of records, and these have none: read --input json, csv with "
                    + "--columns timestamp=, lines with --timestamp-path, or -f with %d"
            )
        }
    }

    /// What these options ask for.
    func plan() throws(UsageError) -> SendPlan {
        let topic = try target.topicName(input.files, isNeeded: !input.formats.mayNameTopics)
        try target.check(input.files, connection, names)
        let (format, warnings) = try input.format(names, hasTopic: target.topic != nil)
        let bounds = try load.bounds()
        try checkPace(bounds.pace, format)
        let sources = InputSource.sources(input.files)
        try resume.check(sources)
        return SendPlan(
            topic: topic,
            partition: target.partition,
            sources: sources,
            format: format,
            key: try input.commonKey(names),
            headers: try input.commonHeaders(names),
            settings: try connection.plan(
                settings.properties,
                options: consoleProducer.sources(names) + transactions.sources() + exactlyOnce.sources(),
                names
            ),
            isSync: output.sync,
            embeddedDataDirectory: target.embedded,
            progress: output.progress,
            outputs: try recordOutputs.plan(isPartitionExplicit: target.partition != nil),
            errorHandling: resume.onError,
            onOutage: outage.onOutage,
            checkpoint: resume.checkpoint,
            follows: resume.follow,
            cuts: try transactions.cuts(),
            cutOption: transactions.cutOption,
            exactlyOnce: try exactlyOnce.plan(transactions),
            metrics: try metrics.plan(),
            verifies: load.verify,
            dryRun: load.dryRunOutput,
            bounds: bounds,
            summary: try summary.destination(),
            skipsEmpty: input.skipEmpty,
            form: try input.formats.form(countsBytes: countsBytes),
            warnings: warnings
        )
    }
}
