// SPDX-License-Identifier: Apache-2.0
import KafkaRecords
import NIOCore

/// Where the records of a batch go after its topic was deleted and another one has taken the name: by their keys, by a
/// partitioner of one's own, or together to a sticky partition. Those that name their partition keep it. A value: it
/// decides, the sender moves.
struct PartitionRechoice {
    /// Where the records of one batch go.
    enum Target: Equatable {
        /// All to one partition, which the topic may not have.
        case together(Int32)
        /// Each to its own partition.
        case apart([Int32])
    }

    private let chooser: PartitionChooser
    private let topic: TopicPartitions
    private var sticky: StickyPartitioner

    /// - Parameters:
    ///   - rule: how records that name no partition find theirs.
    ///   - topic: the topic that there is now; it has partitions.
    ///   - sticky: chooses for records without keys.
    init(rule: PartitionRule, topic: TopicPartitions, sticky: StickyPartitioner) {
        chooser = PartitionChooser(rule)
        self.topic = topic
        self.sticky = sticky
    }

    /// - Throws: ``ProducerError`` when the batch cannot be read.
    mutating func target(of batch: ProducerBatch) throws(ProducerError) -> Target {
        let former = batch.queue.partition
        // Nothing to read when all records name their partition, or when there is only one to go to.
        if batch.named.areAlike {
            if batch.named.contains(0) { return .together(former) }
            if topic.partitionCount == 1, !chooser.isCustom { return .together(0) }
        }
        let keyless = sticky.partition(of: topic, load: nil)
        sticky.appended(bytes: batch.byteCount, isLastBatchFull: true)
        var chosen: [Int32] = []
        chosen.reserveCapacity(batch.recordCount)
        try batch.withRecords { index, record, _ in
            let named = batch.named.contains(index) ? former : nil
            chosen.append(partition(of: record, named: named, keyless: keyless))
        }
        guard let first = chosen.first else { return .together(former) }
        return chosen.allSatisfy { $0 == first } ? .together(first) : .apart(chosen)
    }

    private func partition(of record: Record, named: Int32?, keyless: Int32) -> Int32 {
        withSpan(of: record.key) { key in
            withSpan(of: record.value) { value in
                let count = topic.partitionCount
                return chooser.choice(named: named, key: key, value: value, partitionCount: count, topic: topic) {
                    keyless
                }
                .partition
            }
        }
    }

    private func withSpan(of bytes: ByteBuffer?, _ body: (Span<UInt8>?) -> Int32) -> Int32 {
        if let bytes { body(bytes.readableBytesUInt8Span) } else { body(nil) }
    }
}
