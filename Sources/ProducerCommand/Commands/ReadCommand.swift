// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import KafkaProducer
import KafkaReader
import RecordText

/// `kafka-producer read`: prints the records of a topic.
struct ReadCommand: AsyncParsableCommand, NamingCommand {
    static let configuration = CommandConfiguration(
        commandName: "read",
        abstract: "Print the records of a topic, so that they can be looked at, kept or sent again.",
        usage: "kafka-producer read --topic <topic> [options]",
        discussion: HelpText.read
    )

    /// Which records are shown.
    enum Isolation: String, CaseIterable, ExpressibleByArgument {
        case committed = "read_committed"
        case uncommitted = "read_uncommitted"
    }

    @Option(
        name: [.customShort("t"), .customLong("topic")],
        help: ArgumentHelp("The topic to read.", valueName: "topic")
    )
    var topic: String?

    @Option(
        name: [.customShort("p"), .customLong("partition")],
        parsing: .unconditional,
        help: ArgumentHelp("The only partition to read. Default: all.", valueName: "number")
    )
    var partition: Int32?

    @Option(
        name: [.customShort("o"), .customLong("offset")],
        parsing: .unconditional,
        help: ArgumentHelp(
            "Where to begin in each partition: beginning, end, an offset, -N for N before the end, or @TIME.",
            valueName: "where"
        )
    )
    var offset = "beginning"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Where to end: end (of what is there when reading begins), before an offset, or before @TIME.",
            valueName: "where"
        )
    )
    var until: String?

    @Flag(help: "Wait at the end for more, until a signal.")
    var follow = false

    @Option(
        name: [.customShort("n"), .customLong("count")],
        parsing: .unconditional,
        help: ArgumentHelp("End after so many records.", valueName: "count")
    )
    var count: UInt64?

    @Option(help: ArgumentHelp("read_committed, or read_uncommitted for all records.", valueName: "level"))
    var isolation = Isolation.committed

    @Option(
        help: ArgumentHelp(
            "json (an object a line), or value (its bytes and a newline). (default: json)",
            valueName: "what"
        )
    )
    var output: TopicReadPlan.Output?

    @Option(
        name: [.customShort("f"), .customLong("format")],
        parsing: .unconditional,
        help: ArgumentHelp(
            #"""
            How each record is laid out, in the language of rpk, which send -f reads back: %k %v %t %p %o %d, \
            %H{big32}%h{%K{big32}%k%V{big32}%v}, sized (%V{big32}%v, -1 is null) or with what ends them (%k\t%v\n).
            """#,
            valueName: "layout"
        )
    )
    var layout: String?

    @Option(
        help: ArgumentHelp("Read what send --embedded has stored in DIRECTORY.", valueName: "directory"),
        completion: .directory
    )
    var embedded: String?

    @OptionGroup(title: "Brokers and settings")
    var connection: ConnectionOptions

    @OptionGroup(title: "Brokers and settings")
    var settings: SettingsOptions

    @OptionGroup(title: "What is said")
    var verbosity: VerbosityOptions

    var names = TypedNames()

    func run() async throws {
        let console = verbosity.console
        try await console.end { () async throws(UsageError) in
            await ReadRun(plan: try plan(now: TimeText.now()), console: console).run()
        }
    }

    /// What these options ask for.
    ///
    /// - Parameter now: The time, in milliseconds since 1970.
    /// - Throws: `UsageError` for options that do not make sense.
    /// - Returns: The plan.
    func plan(now: Int64) throws(UsageError) -> TopicReadPlan {
        guard let topic else { throw UsageError("there is no --topic to read: kafka-producer read --topic TOPIC") }
        try TopicName.check(topic)
        try checkConnection()
        if let partition, partition < 0 {
            throw UsageError("\(names.name(of: "-p")) \(partition): partitions are numbered from 0")
        }
        guard count != 0 else { throw UsageError("\(names.name(of: "-n")) takes a number above 0") }
        guard !follow || until == nil else {
            throw UsageError("--follow has no end, and --until is one: use one of them")
        }
        var plan = TopicReadPlan(topic: topic, settings: try connection.plan(settings.properties, names))
        plan.partition = partition
        plan.start = try ReadArguments.start(offset, of: names.name(of: "-o"), now: now)
        plan.end =
            try until.map { until throws(UsageError) in
                try ReadArguments.end(until, of: "--until", now: now)
            } ?? (follow ? .never : .latestAtStart)
        plan.isolation = isolation == .committed ? .readCommitted : .readUncommitted
        plan.limit = count
        plan.output = output ?? .json
        plan.layout = try layoutWriter()
        plan.embeddedDataDirectory = embedded
        return plan
    }

    private func layoutWriter() throws(UsageError) -> RecordLayoutWriter? {
        guard let layout else { return nil }
        guard output == nil else { throw UsageError("-f says how records are printed, and so does --output: use one") }
        do throws(RecordLayoutFault) {
            return try RecordLayoutWriter(try RecordLayout(layout))
        } catch {
            throw UsageError("-f \"\(layout)\" has \(error)")
        }
    }

    private func checkConnection() throws(UsageError) {
        // With other tools that is how many records to read.
        if let file = connection.file, UInt64(file) != nil, ProcessEnvironment().kind(ofPath: file) == nil {
            let option = names.name(of: "-c")
            throw UsageError(
                "\(option) names a settings file, and there is none called \(file): write -n \(file) for a count"
            )
        }
        if embedded != nil, connection.bootstrapServers != nil {
            let option = names.name(of: "-b")
            throw UsageError("--embedded starts a broker of its own, and \(option) names another: use one of them")
        }
        try connection.check([], names)
    }
}
