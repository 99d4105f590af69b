// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// `kafka-producer resend`: sends the records of dead-letter files again.
struct ResendCommand: AsyncParsableCommand, NamingCommand {
    static let configuration = CommandConfiguration(
        commandName: "resend",
        abstract: "Send the records of dead-letter files again, as they were.",
        usage: "kafka-producer resend [options] <file> ...",
        discussion: HelpText.resend
    )

    @Argument(
        help: ArgumentHelp(
            "Dead-letter files, as send --dead-letter writes them; - is standard input.",
            valueName: "file"
        ),
        completion: .file()
    )
    var files: [String]

    @Flag(help: "Send all records of the files, also those that an earlier resend has delivered.")
    var again = false

    @OptionGroup(title: "Brokers and settings")
    var connection: ConnectionOptions

    @OptionGroup(title: "Brokers and settings")
    var settings: SettingsOptions

    @OptionGroup(title: "Receipts and dead letters")
    var recordOutputs: RecordOutputOptions

    @OptionGroup(title: "Metrics")
    var summary: SummaryOptions

    @OptionGroup(title: "Failures and going on")
    var outage: OutageOptions

    @OptionGroup(title: "What is said")
    var verbosity: VerbosityOptions

    var names = TypedNames()

    func run() async throws {
        let console = verbosity.console
        try await console.end { () async throws(UsageError) in
            await ResendRun(plan: try plan(), console: console).run()
        }
    }

    /// What these options ask for.
    func plan() throws(UsageError) -> ResendPlan {
        try InputSource.check(files)
        try connection.check(files, names)
        let sources = InputSource.sources(files)
        var outputs = try recordOutputs.plan(isPartitionExplicit: false)
        if outputs.deadLetters == nil {
            outputs.deadLetters = .file((files.first { $0 != "-" } ?? "dead-letters") + ".again")
        }
        return ResendPlan(
            sources: sources,
            settings: try connection.plan(settings.properties, names),
            again: again,
            outputs: outputs,
            summary: try summary.destination(),
            onOutage: outage.onOutage
        )
    }
}
