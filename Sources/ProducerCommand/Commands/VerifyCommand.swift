// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// `kafka-producer verify`: compares what receipts say with what is stored.
struct VerifyCommand: AsyncParsableCommand, NamingCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read back what receipts say, and compare it with the inputs.",
        usage: "kafka-producer verify [options] <receipts> ...",
        discussion: HelpText.verify
    )

    @OptionGroup(title: "Receipts, and how records stand in the inputs")
    var input: InputOptions

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
            await VerifyRun(files: input.lines.files, plan: try plan(), console: console).run()
        }
    }

    /// How records stand in the inputs, and the settings.
    func plan() throws(UsageError) -> SendPlan {
        guard !input.lines.files.isEmpty else {
            throw UsageError("name at least one file of receipts: kafka-producer verify FILE")
        }
        try connection.check(input.lines.files, names)
        let (format, warnings) = try input.format(names, hasTopic: true)
        return SendPlan(
            topic: "",
            partition: nil,
            sources: [],
            format: format,
            key: try input.lines.fixedKey(names),
            headers: try input.lines.fixedHeaders(names),
            settings: try connection.plan(settings.properties, names),
            isSync: false,
            progress: .never,
            outputs: RecordOutputsPlan(),
            warnings: warnings
        )
    }
}
