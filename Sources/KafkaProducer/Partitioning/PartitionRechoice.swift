// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
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

    private let assignment: RecordAppender.Assignment
    private let topic: TopicPartitions
    private var sticky: StickyPartitioner

    /// - Parameters:
    ///   - assignment: how records that name no partition find theirs.
    ///   - topic: the topic that there is now; it has partitions.
    ///   - sticky: chooses for records without keys.
    init(assignment: RecordAppender.Assignment, topic: TopicPartitions, sticky: StickyPartitioner) {
        self.assignment = assignment
        self.topic = topic
        self.sticky = sticky
    }

    /// - Throws: ``ProducerError`` when the batch cannot be read.
    mutating func target(of batch: ProducerBatch) throws(ProducerError) -> Target {
        let former = batch.queue.partition
        // Nothing to read when all records name their partition, or when there is only one to go to.
        if batch.named.areAlike {
            if batch.named.contains(0) { return .together(former) }
            if topic.partitionCount == 1, !isCustom { return .together(0) }
        }
        let keyless = sticky.partition(of: topic, load: nil)
        sticky.appended(bytes: batch.byteCount, isLastBatchFull: true)
        var chosen: [Int32] = []
        chosen.reserveCapacity(batch.recordCount)
        try batch.withRecords { index, record, _ in
            guard !batch.named.contains(index) else { return chosen.append(former) }
            chosen.append(partition(of: record, keyless: keyless))
        }
        guard let first = chosen.first else { return .together(former) }
        return chosen.allSatisfy { $0 == first } ? .together(first) : .apart(chosen)
    }

    private var isCustom: Bool {
        if case .custom = assignment { true } else { false }
    }

    private func partition(of record: Record, keyless: Int32) -> Int32 {
        switch assignment {
        case .explicit(let partition): return partition
        case .builtIn(let ignoresKeys):
            guard let key = record.key, !ignoresKeys else { return keyless }
            return Murmur2.partition(forKey: key.readableBytesUInt8Span, count: topic.partitionCount)
        case .custom(let partitioner):
            let value = record.value.map { Array($0.readableBytesView) }
            return withOptionalSpan(record.key.map { Array($0.readableBytesView) }) { key in
                withOptionalSpan(value) { partitioner.partition(key: key, value: $0, topic: topic) }
            }
        }
    }
}
