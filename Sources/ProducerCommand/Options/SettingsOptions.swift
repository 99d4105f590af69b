// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import KafkaProducer

/// Where settings come from: a file, single settings, and options that stand for one.
struct SettingsOptions: ParsableArguments {
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
            .customShort("X"), .customLong("command-property"), .customLong("producer-property"),
        ],
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("One setting; it comes before the file's. Repeatable.", valueName: "key=value")
    )
    var properties: [String] = []

    @Option(
        name: [.customShort("z"), .customLong("compression-codec")],
        help: ArgumentHelp("none, gzip, snappy, lz4 or zstd: the setting compression.type.", valueName: "codec")
    )
    var compression: String?

    @Option(help: "A group of settings for a purpose; what the file, -X or an option sets comes before it.")
    var preset: Preset?

    /// What comes after everything else: the preset.
    var defaults: [PropertySource] { preset.map { [$0.source] } ?? [] }

    /// The settings given by `-X`, in their order.
    func propertySources(_ names: TypedNames) throws(UsageError) -> [PropertySource] {
        try properties.enumerated().map { index, property throws(UsageError) in
            try PropertySource(setting: property, of: names.name(of: "-X", at: index))
        }
    }

    /// The settings of the options `-b` and `-z`, which commands share.
    func optionSources(bootstrapServers: String?, _ names: TypedNames) -> [PropertySource] {
        [PropertySource].shared(bootstrapServers: bootstrapServers, compression: compression, names)
    }

    /// Throws what no settings file can be called.
    func check(_ names: TypedNames) throws(UsageError) {
        try SettingsPlan.check(file: file, names)
    }
}
