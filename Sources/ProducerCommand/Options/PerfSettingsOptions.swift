// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import KafkaProducer

/// Where the settings of a perf run come from. Unlike those of `send`, one option may be followed by several settings,
/// as kafka-producer-perf-test has it.
struct PerfSettingsOptions: ParsableArguments {
    @Option(
        name: [.customShort("c"), .customLong("command-config"), .customLong("producer.config")],
        help: ArgumentHelp(
            "A settings file, as the Java producer's. Without it ./producer.config is read if it is there.",
            valueName: "file"
        ),
        completion: .file()
    )
    var file: String?

    @Option(
        name: [
            .customShort("X"), .customLong("producer-props"), .customLong("command-property"),
            .customLong("producer-property"),
        ],
        parsing: .upToNextOption,
        help: ArgumentHelp("Settings; they come before the file's. Several may follow.", valueName: "key=value")
    )
    var properties: [String] = []

    @Option(
        name: [.customShort("z"), .customLong("compression-codec")],
        help: ArgumentHelp("none, gzip, snappy, lz4 or zstd: the setting compression.type.", valueName: "codec")
    )
    var compression: String?

    @Option(help: "A group of settings for a purpose; what the file or an option sets comes before it.")
    var preset: Preset?

    /// The settings that these options and `-b` stand for.
    func plan(bootstrapServers: String?, _ names: TypedNames) throws(UsageError) -> SettingsPlan {
        try SettingsPlan.check(file: file, names)
        var sources = try properties.enumerated().map { index, property throws(UsageError) in
            try PropertySource(setting: property, of: names.name(of: "-X", at: index))
        }
        sources += [PropertySource].shared(bootstrapServers: bootstrapServers, compression: compression, names)
        // By this name brokers and metrics know the load of kafka-producer-perf-test.
        let name = PropertySource(name: "perf", key: "client.id", value: "perf-producer-client")
        return SettingsPlan(file: file, sources: sources, defaults: [name] + (preset.map { [$0.source] } ?? []))
    }
}
