// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import KafkaEmbeddedBroker
import KafkaProducer
import Logging
import Platform

/// `kafka-producer broker`: runs the embedded broker until a signal stops it.
struct BrokerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "broker",
        abstract: "Run a small Kafka broker, to try things with and to test against.",
        usage: "kafka-producer broker [options]",
        discussion: HelpText.broker,
        subcommands: [BrokerControlCommand.self]
    )

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The first broker's port; further brokers take the ports after it. 0 means free ones.")
    var port = 9092

    @Option(help: "How many brokers.")
    var brokers = 1

    @Option(help: "How many partitions a topic gets when it is made on first use.")
    var partitions = 1

    @Option(
        help: ArgumentHelp("Where records are kept, as Kafka's own segment files.", valueName: "directory"),
        completion: .directory
    )
    var dataDir: String?

    @Option(
        name: .customLong("topic"),
        parsing: .singleValue,
        help: ArgumentHelp(
            "A topic that is there from the start, with settings such as max.message.bytes=1000. Repeatable.",
            valueName: "name[:partitions][,setting=value...]"
        )
    )
    var topics: [String] = []

    @Option(
        name: .customLong("topic-default"),
        parsing: .singleValue,
        help: ArgumentHelp(
            "A setting of topics that do not have their own, such as retention.ms=60000. Repeatable.",
            valueName: "setting=value"
        )
    )
    var topicDefaults: [String] = []

    @Option(
        help: ArgumentHelp(
            "How often it is looked for what is to be deleted (5 minutes) and compacted (15 seconds).",
            valueName: "milliseconds"
        )
    )
    var logCheckMs: Int?

    @Flag(help: "Flush each batch to the disk before it is acknowledged (flush.messages=1).")
    var fsync = false

    @Option(
        help: ArgumentHelp("Flush to the disk what was written so long ago (flush.ms).", valueName: "milliseconds")
    )
    var fsyncIntervalMs: Int?

    @Flag(help: "Make no topic on first use.")
    var noAutoCreateTopics = false

    @Option(help: ArgumentHelp("The largest batch that is accepted.", valueName: "bytes"))
    var messageMaxBytes: Int?

    @Option(
        help: ArgumentHelp(
            "Read no more while so many bytes of requests are not answered, at least 104857600 (no limit).",
            valueName: "bytes"
        )
    )
    var queuedMaxRequestBytes: Int?

    @Option(help: ArgumentHelp("How many replicas must be in sync for acks=all.", valueName: "n"))
    var minInsyncReplicas: Int?

    @Option(help: ArgumentHelp("How many brokers have a copy of a partition.", valueName: "n"))
    var replicationFactor: Int?

    @Option(
        help: ArgumentHelp(
            "After how long a follower is out of sync that has not had all of the leader's log (30000).",
            valueName: "milliseconds"
        )
    )
    var replicaLagTimeMaxMs: Int?

    @Option(
        help: ArgumentHelp(
            "The socket at which broker ctl reaches it: in the data directory, or by the port in a private folder.",
            valueName: "path"
        ),
        completion: .file()
    )
    var control: String?

    @Option(
        help: ArgumentHelp(
            "A page in HTTP that shows topics, offsets, groups and the last records. 0 means a free port.",
            valueName: "[host:]port"
        )
    )
    var ui: String?

    @Option(
        help: ArgumentHelp("The protocol of transactions that clients are told to follow: 1 or 2.", valueName: "n")
    )
    var transactionVersion = 2

    @Option(
        help: ArgumentHelp("What goes wrong, and when: a fault a line (docs/faults.md).", valueName: "file"),
        completion: .file()
    )
    var faults: String?

    @OptionGroup(title: "Security")
    var security: BrokerSecurityOptions

    @Flag(name: .shortAndLong, help: "Log what happens on standard error.")
    var verbose = false

    func run() async throws {
        let console = Console(verbosity: .normal)
        throw ExitCode(await serve(console).code)
    }

    private func serve(_ console: Console) async -> ExitStatus {
        let (signals, continuation) = AsyncStream.makeStream(of: Int32.self)
        SignalWatch.start(onReport: { continuation.yield(SIGUSR1) }, onEnd: { continuation.yield($0) })
        ProcessSupply.raiseDescriptorLimit()
        do {
            var configuration = try configuration()
            let development = try security.development(&configuration)
            if security.showsPassword {
                console.warning(
                    "a password on the command line can be seen by everyone on this machine; put it into a file for --users"
                )
            }
            if let faults {
                let count = configuration.faults.faults.count
                console.notice("\(count) \(count == 1 ? "fault" : "faults") loaded from \(faults)")
            }
            let place = ControlSocketPlace(path: control, dataDirectory: dataDir, port: port)
            configuration.controlSocket = try place.forListening()
            let broker = try await EmbeddedBroker.start(configuration, logger: logger(console))
            // A script that waits for this line would wait for ever when it is lost.
            let output = StandardOutput(console: console)
            output.write("listening on \(broker.bootstrapServers.joined(separator: ","))\n")
            if !broker.plaintextServers.isEmpty {
                output.write("listening in plain text on \(broker.plaintextServers.joined(separator: ","))\n")
            }
            if let address = broker.uiAddress { output.write("page: \(address)\n") }
            if brokers > 1, let path = configuration.controlSocket {
                output.write("control: kafka-producer broker ctl --control \(path) status\n")
            }
            if let development {
                try development.writeClientProperties(bootstrapServers: broker.bootstrapServers)
                output.write("try: echo hello | kafka-producer -c \(development.clientProperties) -t demo\n")
            }
            if !output.isIncomplete {
                for await signal in signals {
                    guard signal == SIGUSR1 else { break }
                    console.answer(await account(of: broker))
                }
            }
            await broker.stop()
            return output.isIncomplete ? .outputIncomplete : .delivered
        } catch {
            console.error("\(error)")
            return .usage
        }
    }

    /// Where the broker listens and what it holds, in one line.
    private func account(of broker: EmbeddedBroker) async -> String {
        let topics = await broker.topics
        let partitions = topics.values.reduce(0, +)
        return "listening on \(broker.bootstrapServers.joined(separator: ",")); \(topics.count) topics, "
            + "\(partitions) partitions"
    }

    private func configuration() throws(UsageError) -> EmbeddedBroker.Configuration {
        var configuration = EmbeddedBroker.Configuration()
        configuration.host = host
        configuration.port = port
        configuration.brokers = brokers
        configuration.partitions = partitions
        configuration.dataDirectory = dataDir
        configuration.autoCreateTopics = !noAutoCreateTopics
        if let messageMaxBytes { configuration.messageMaxBytes = messageMaxBytes }
        if let queuedMaxRequestBytes { configuration.queuedMaxRequestBytes = queuedMaxRequestBytes }
        if let minInsyncReplicas { configuration.minInSyncReplicas = minInsyncReplicas }
        if let replicaLagTimeMaxMs {
            guard replicaLagTimeMaxMs > 0 else {
                throw UsageError("--replica-lag-time-max-ms \(replicaLagTimeMaxMs): it must be 1 or more")
            }
            configuration.replicaLagTimeMax = .milliseconds(replicaLagTimeMaxMs)
        }
        if let replicationFactor { configuration.replicationFactor = replicationFactor }
        guard let version = Int16(exactly: transactionVersion).flatMap(TransactionProtocol.init(rawValue:)) else {
            throw UsageError("--transaction-version \(transactionVersion): it must be 1 or 2")
        }
        configuration.transactions.version = version
        for text in topics {
            let topic = try TopicArgument(text)
            configuration.topics[topic.name] = topic.partitions ?? partitions
            configuration.topicSettings[topic.name] = topic.settings
        }
        try setFlushing(&configuration)
        for text in topicDefaults {
            try TopicArgument.set(text, in: &configuration.topicDefaults, "--topic-default \(text)")
        }
        if let logCheckMs {
            guard logCheckMs > 0 else { throw UsageError("--log-check-ms \(logCheckMs): it must be 1 or more") }
            configuration.retentionCheckInterval = .milliseconds(logCheckMs)
            configuration.compactionInterval = .milliseconds(logCheckMs)
        }
        if let ui {
            let address = try PageAddress(ui)
            configuration.uiPort = address.port
            if let host = address.host { configuration.uiHost = host }
        }
        try security.apply(to: &configuration)
        if let faults { configuration.faults = try script(faults) }
        return configuration
    }

    private func setFlushing(_ configuration: inout EmbeddedBroker.Configuration) throws(UsageError) {
        guard fsync || fsyncIntervalMs != nil else { return }
        guard dataDir != nil else {
            throw UsageError(
                "\(fsync ? "--fsync" : "--fsync-interval-ms") needs --data-dir: there is no disk to flush to"
            )
        }
        if fsync { configuration.topicDefaults[.flushMessages] = "1" }
        guard let fsyncIntervalMs else { return }
        guard fsyncIntervalMs > 0 else {
            throw UsageError("--fsync-interval-ms \(fsyncIntervalMs): it must be 1 or more")
        }
        configuration.topicDefaults[.flushMs] = "\(fsyncIntervalMs)"
    }

    private func script(_ path: String) throws(UsageError) -> FaultScript {
        let text: String
        do throws(FileAccessError) {
            text = String(decoding: try ProcessEnvironment().contents(ofFile: path), as: UTF8.self)
        } catch {
            throw UsageError("cannot read fault file \(path): \(error.reason)")
        }
        do throws(EmbeddedBrokerError) {
            return try FaultScript(parsing: text, file: path)
        } catch {
            throw UsageError(error.message)
        }
    }

    private func logger(_ console: Console) -> Logger {
        guard verbose else { return Logger(label: "broker", factory: { _ in CriticalLogHandler(console: console) }) }
        var logger = Logger(label: "broker", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = .debug
        return logger
    }
}
