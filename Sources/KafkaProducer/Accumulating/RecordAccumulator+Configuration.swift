// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaProtocol

extension RecordAccumulator.Limits {
    /// What the settings say about batches.
    init(_ configuration: ProducerConfiguration) {
        batchSize = max(1, configuration.batchSize)
        maxRequestSize = configuration.maxRequestSize
        lingers = configuration.linger > .zero
        codec =
            switch configuration.compression {
            case .none: nil
            case .gzip(let level): .gzip(level: level)
            case .snappy: .snappy
            case .lz4(let level): .lz4(level: level)
            case .zstd(let level): .zstd(level: level)
            }
    }
}

extension RecordAppender.Assignment {
    /// What the settings say about the choice of partitions, and a partitioner in place of it.
    init(_ configuration: ProducerConfiguration, partitioner: (any Partitioner)?) {
        self =
            if let partitioner {
                .custom(partitioner)
            } else if configuration.partitioner == .roundRobin {
                .custom(RoundRobinPartitioner())
            } else {
                .builtIn(ignoresKeys: configuration.partitionerIgnoresKeys)
            }
    }
}

extension ProducerError {
    /// A record that no batch can hold. The command says the same of a line that it refuses itself.
    static func recordTooLarge(topic: String, size: Int, limit: Int, setting: String) -> ProducerError {
        ProducerError(
            .recordTooLarge,
            topic: topic,
            message: "the record of \(size) bytes is larger than \(setting)=\(limit) allows; raise \(setting)"
                + (setting == "max.request.size" ? ", and the topic's max.message.bytes" : "")
        )
    }
}
