// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// `kafka-producer send`: sends the lines of files or of standard input.
struct SendCommand: SendingCommand {
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

    func plan() throws(UsageError) -> SendPlan {
        let files = input.lines.files
        let topic = try target.topicName(files, isNeeded: !input.formats.mayNameTopics)
        try target.check(files, connection, names)
        let (format, warnings) = try input.format(names, hasTopic: target.topic != nil)
        let bounds = try load.bounds()
        try checkPace(bounds.pace, format)
        try resume.check(InputSource.sources(files))
        let plain = PlainSend(target: target, lines: input.lines, connection: connection, output: output, names: names)
        var plan = try plain.plan(
            topic,
            format,
            settings.properties,
            options: consoleProducer.sources(names) + transactions.sources() + exactlyOnce.sources()
        )
        // Key and headers are made of each file's name.
        if input.areOfFiles { (plan.key, plan.headers) = (nil, []) }
        plan.outputs = try recordOutputs.plan(isPartitionExplicit: target.partition != nil)
        plan.errorHandling = resume.onError
        plan.onOutage = outage.onOutage
        plan.checkpoint = resume.checkpoint
        plan.follows = resume.follow
        plan.cuts = try transactions.cuts()
        plan.cutOption = transactions.cutOption
        plan.exactlyOnce = try exactlyOnce.plan(transactions)
        plan.metrics = try metrics.plan()
        plan.verifies = load.verify
        plan.dryRun = load.dryRunOutput
        plan.bounds = bounds
        plan.summary = try summary.destination()
        plan.form = try input.formats.form(countsBytes: countsBytes)
        plan.warnings = warnings
        return plan
    }
}
