// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// `kafka-producer doctor`: says what is wrong on the way to a cluster.
struct DoctorCommand: AsyncParsableCommand, NamingCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what is wrong on the way to a cluster: settings, network, TLS, login, topic, rights.",
        usage: "kafka-producer doctor [-c <file>] [-t <topic>] [options]",
        discussion: HelpText.doctor
    )

    @Option(
        name: [.customShort("t"), .customLong("topic")],
        help: ArgumentHelp("A topic to look at too.", valueName: "topic")
    )
    var topic: String?

    @Flag(help: "Print the report as one JSON object (docs/doctor.md).")
    var json = false

    @Option(
        help: ArgumentHelp(
            "How long each layer of a broker may take. Default: socket.connection.setup.timeout.ms.",
            valueName: "ms"
        )
    )
    var layerTimeout: Int?

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
            await DoctorRun(plan: try plan(), console: console).run()
        }
    }

    /// What these options ask for.
    func plan() throws(UsageError) -> DoctorPlan {
        try connection.check([], names)
        if let topic { try TopicName.check(topic) }
        if let layerTimeout {
            guard (1...3_600_000).contains(layerTimeout) else {
                throw UsageError("--layer-timeout takes 1 to 3600000 ms")
            }
        }
        return DoctorPlan(
            topic: topic,
            settings: try connection.plan(settings.properties, names),
            limit: layerTimeout.map { .milliseconds($0) },
            isJSON: json
        )
    }
}
