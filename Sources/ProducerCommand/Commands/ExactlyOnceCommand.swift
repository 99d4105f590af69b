// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// `kafka-producer exactly-once`: says where a load stands that is sent exactly once, or has it begin anew.
struct ExactlyOnceCommand: AsyncParsableCommand, NamingCommand {
    static let configuration = CommandConfiguration(
        commandName: "exactly-once",
        abstract: "Say where a load of send --exactly-once stands, or forget it.",
        usage: "kafka-producer exactly-once <show|forget> <name> [options]",
        discussion: HelpText.exactlyOnce
    )

    /// What is done.
    enum Action: String, CaseIterable, ExpressibleByArgument, Sendable {
        case show
        case forget
    }

    @Argument(help: "show: where the load stands. forget: let it begin anew, whatever is in the topic.")
    var action: Action

    @Argument(help: "The name that --exactly-once was given.")
    var name: String

    @Flag(help: "Print one JSON object (docs/transactions.md).")
    var json = false

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
            let name = try LoadName(name)
            try connection.check([], names)
            let settings = try connection.plan(settings.properties, names)
            switch action {
            case .show: return await ShowLoadRun(name: name, settings: settings, isJSON: json, console: console).run()
            case .forget: return await ForgetLoadRun(name: name, settings: settings, console: console).run()
            }
        }
    }
}
