// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaCompression
import NIOCore

extension RecordAccumulator.Limits {
    /// What the settings say about batches.
    init(_ configuration: ProducerConfiguration) {
        batchSize = max(1, configuration.batchSize)
        maxRequestSize = configuration.maxRequestSize
        if configuration.growsBatches {
            largestBatch = min(configuration.maxRequestSize, ProducerConfiguration.largestBatchThatBrokersTake)
        }
        readiness = BatchReadiness(linger: TimeAmount(clamping: configuration.linger), batchSize: batchSize)
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
