// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import KafkaProducer

/// Options of kafka-console-producer that stand for one setting each.
struct ConsoleProducerOptions: ParsableArguments {
    @Option(
        name: [.customLong("acks"), .customLong("request-required-acks")],
        help: ArgumentHelp("all, 1 or 0: acks.", valueName: "acks"),
        completion: .list(["all", "1", "0"])
    )
    var acks: String?

    @Option(
        name: [.customLong("batch-size"), .customLong("max-partition-memory-bytes")],
        help: ArgumentHelp("batch.size, in bytes.", valueName: "bytes")
    )
    var batchSize: String?

    @Option(
        name: [.customLong("linger"), .customLong("timeout")],
        help: ArgumentHelp("linger.ms.", valueName: "ms")
    )
    var linger: String?

    @Option(help: ArgumentHelp("max.block.ms.", valueName: "ms"))
    var maxBlockMs: String?

    @Option(help: ArgumentHelp("request.timeout.ms.", valueName: "ms"))
    var requestTimeoutMs: String?

    @Option(help: ArgumentHelp("retry.backoff.ms.", valueName: "ms"))
    var retryBackoffMs: String?

    @Option(
        name: [.customLong("retries"), .customLong("message-send-max-retries")],
        help: ArgumentHelp("retries.", valueName: "count")
    )
    var retries: String?

    @Option(help: ArgumentHelp("buffer.memory.", valueName: "bytes"))
    var maxMemoryBytes: String?

    @Option(help: ArgumentHelp("send.buffer.bytes.", valueName: "bytes"))
    var socketBufferSize: String?

    @Option(help: ArgumentHelp("metadata.max.age.ms.", valueName: "ms"))
    var metadataExpiryMs: String?

    /// The settings these options stand for.
    func sources(_ names: TypedNames) -> [PropertySource] {
        let settings: [(option: String, key: String, value: String?)] = [
            ("--acks", "acks", acks),
            ("--batch-size", "batch.size", batchSize),
            ("--linger", "linger.ms", linger),
            ("--max-block-ms", "max.block.ms", maxBlockMs),
            ("--request-timeout-ms", "request.timeout.ms", requestTimeoutMs),
            ("--retry-backoff-ms", "retry.backoff.ms", retryBackoffMs),
            ("--retries", "retries", retries),
            ("--max-memory-bytes", "buffer.memory", maxMemoryBytes),
            ("--socket-buffer-size", "send.buffer.bytes", socketBufferSize),
            ("--metadata-expiry-ms", "metadata.max.age.ms", metadataExpiryMs),
        ]
        return settings.compactMap { setting in
            setting.value.map { PropertySource(name: names.name(of: setting.option), key: setting.key, value: $0) }
        }
    }
}
