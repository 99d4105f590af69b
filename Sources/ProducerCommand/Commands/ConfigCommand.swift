// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// `kafka-producer config`: says what settings come to.
struct ConfigCommand: ParsableCommand, NamingCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Say what the settings come to: each value, where it is from, and what follows from it.",
        usage: "kafka-producer config [-c <file>] [-X <key=value> ...] [options]",
        discussion: HelpText.config
    )

    @Flag(help: "Print one JSON object (docs/config.md).")
    var json = false

    @OptionGroup(title: "Brokers and settings")
    var connection: ConnectionOptions

    @OptionGroup(title: "Brokers and settings")
    var settings: SettingsOptions

    @OptionGroup(title: "Single settings, by the names of kafka-console-producer")
    var consoleProducer: ConsoleProducerOptions

    @OptionGroup(title: "What is said")
    var verbosity: VerbosityOptions

    var names = TypedNames()

    func run() throws {
        let console = verbosity.console
        try console.endNow { () throws(UsageError) in
            SettingsRun(settings: try plan(), isJSON: json, console: console).run()
        }
    }

    /// All places that settings come from.
    func plan() throws(UsageError) -> SettingsPlan {
        try connection.check([], names)
        return try connection.plan(settings.properties, options: consoleProducer.sources(names), names)
    }
}
