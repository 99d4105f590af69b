// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import KafkaProducer

/// Which cluster is talked to, and how: the options that all commands share which talk to one.
struct ConnectionOptions: ParsableArguments {
    @Option(
        name: [.customShort("b"), .customLong("bootstrap-server"), .customLong("broker-list")],
        help: ArgumentHelp("Brokers to ask first: the setting bootstrap.servers.", valueName: "host:port,...")
    )
    var bootstrapServers: String?

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
        help: ArgumentHelp(
            "Log in as this user, by SASL_SSL and SCRAM-SHA-512 unless security.protocol and sasl.mechanism are set.",
            valueName: "name"
        )
    )
    var user: String?

    @Option(
        help: ArgumentHelp("The file with the user's password, one line.", valueName: "file"),
        completion: .file()
    )
    var passwordFile: String?

    @Option(
        name: [.customShort("z"), .customLong("compression-codec")],
        help: ArgumentHelp("none, gzip, snappy, lz4 or zstd: the setting compression.type.", valueName: "codec"),
        completion: .list(["none", "gzip", "snappy", "lz4", "zstd"])
    )
    var compression: String?

    @Option(
        help: """
            A group of settings for a purpose; what the file, -X or an option sets comes before it. (values: bulk, \
            low-latency, durable, java)
            """,
        completion: .list(["bulk", "low-latency", "durable", "java"])
    )
    var preset: String?

    /// Throws what is wrong with these options. `files` are the arguments that are no options.
    func check(_ files: [String], _ names: TypedNames) throws(UsageError) {
        try BrokerList.check(bootstrapServers, files: files, names)
        guard file?.isEmpty != true else {
            throw UsageError("\(names.name(of: "-c")) takes the name of a settings file")
        }
    }

    /// All places that settings come from.
    ///
    /// - Parameters:
    ///   - properties: The arguments of `-X`, in their order.
    ///   - options: What further options set; they come before `-X`.
    ///   - defaults: What comes after everything else, the preset included.
    ///   - names: The names by which options were typed.
    /// - Returns: What is to be read and merged.
    /// - Throws: `UsageError` for a property that is not of the form key=value.
    func plan(
        _ properties: [String],
        options: [PropertySource] = [],
        defaults: [PropertySource] = [],
        _ names: TypedNames
    ) throws(UsageError) -> SettingsPlan {
        let single = try properties.enumerated().map { index, property throws(UsageError) in
            try PropertySource(setting: property, of: names.name(of: "-X", at: index))
        }
        let own = [("-b", "bootstrap.servers", bootstrapServers), ("-z", "compression.type", compression)]
            .compactMap { option, key, value in
                value.map { PropertySource(name: names.name(of: option), key: key, value: $0) }
            }
        let preset = try preset.map { word throws(UsageError) in try Preset(word, of: "--preset") }
        var plan = SettingsPlan(
            file: file,
            sources: single + options + own,
            defaults: defaults + (preset.map { [$0.source] } ?? [])
        )
        plan.credentials = try Credentials(user: user, file: passwordFile)
        return plan
    }
}
