// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import KafkaProducer

/// Single settings of a perf run. Unlike with `send`, one option may be followed by several settings, as
/// kafka-producer-perf-test has it.
struct PerfSettingsOptions: ParsableArguments {
    @Option(
        name: [
            .customShort("X"), .customLong("producer-props"), .customLong("command-property"),
            .customLong("producer-property"),
        ],
        parsing: .upToNextOption,
        help: ArgumentHelp("Settings; they come before the file's. Several may follow.", valueName: "key=value")
    )
    var properties: [String] = []

    /// All places that the settings of the run come from.
    func plan(
        _ connection: ConnectionOptions,
        _ names: TypedNames,
        options: [PropertySource] = []
    ) throws(UsageError) -> SettingsPlan {
        // By this name brokers and metrics know the load of kafka-producer-perf-test.
        let name = PropertySource(name: "perf", key: "client.id", value: "perf-producer-client")
        return try connection.plan(properties, options: options, defaults: [name], names)
    }
}
