// SPDX-License-Identifier: Apache-2.0

/// Chooses the partitions of records for `send`, appenders and lanes. No other place chooses one.
///
/// The first that applies: the partition that the record names, the one that all records of its sender go to, what a
/// partitioner of one's own says, the hash of the key, the sticky partition. Of the sticky one every sender has its own, since
/// it depends on what that sender has appended; it is asked for only when it is needed.
struct PartitionChooser: Sendable {
    private let explicitPartition: Int32?
    private let customPartitioner: (any Partitioner)?
    /// Asked first: a protocol's value is copied, with its reference count, to find out whether it is there.
    private let hasCustomPartitioner: Bool
    private let ignoresKeys: Bool

    init(_ rule: PartitionRule) {
        // Taken apart once: an enum with a protocol's value in it is copied, with its reference count, at every use.
        switch rule {
        case .explicit(let partition): (explicitPartition, customPartitioner, ignoresKeys) = (partition, nil, false)
        case .custom(let partitioner): (explicitPartition, customPartitioner, ignoresKeys) = (nil, partitioner, false)
        case .builtIn(let ignoring): (explicitPartition, customPartitioner, ignoresKeys) = (nil, nil, ignoring)
        }
        hasCustomPartitioner = customPartitioner != nil
    }

    /// Whether all records go to one partition, which was named.
    var isExplicit: Bool { explicitPartition != nil }

    /// Whether a partitioner of one's own chooses.
    var isCustom: Bool { hasCustomPartitioner }

    /// Whether the hash of its key, and nothing else, chooses the partition of a record that has one.
    var hashesKeys: Bool { explicitPartition == nil && !hasCustomPartitioner && !ignoresKeys }

    /// Whether a partition may be chosen for many records at once: when nothing in these chooses it.
    func takesRuns(keyed: Bool) -> Bool {
        explicitPartition != nil || !hasCustomPartitioner && (!keyed || ignoresKeys)
    }

    /// The partition of one record.
    ///
    /// - Parameters:
    ///   - named: the partition that the record names.
    ///   - key: the serialized key, if it has one.
    ///   - value: the serialized value, if it has one.
    ///   - partitionCount: how many partitions the topic has now.
    ///   - topic: the topic as it is now, for a partitioner of one's own: it is copied for that alone.
    ///   - sticky: the sender's sticky partition.
    /// - Returns: a partition, which the topic may not have when it was named or a partitioner of one's own chose it.
    func choice(
        named: Int32?,
        key: Span<UInt8>?,
        value: Span<UInt8>?,
        partitionCount: Int32,
        topic: @autoclosure () -> TopicPartitions,
        sticky: () -> Int32
    ) -> PartitionChoice {
        if let named = named ?? explicitPartition { return PartitionChoice(partition: named, origin: .named) }
        if hasCustomPartitioner, let customPartitioner {
            let partition = customPartitioner.partition(key: key, value: value, topic: topic())
            return PartitionChoice(partition: partition, origin: .derived)
        }
        guard let key, !ignoresKeys else { return PartitionChoice(partition: sticky(), origin: .sticky) }
        let partition = KeyedPartitions(count: partitionCount).number(forKey: key)
        return PartitionChoice(partition: partition, origin: .derived)
    }

    /// The partition of a run of records in which nothing chooses one, as ``takesRuns(keyed:)`` has it.
    func choiceOfRun(sticky: () -> Int32) -> PartitionChoice {
        if let explicitPartition { return PartitionChoice(partition: explicitPartition, origin: .named) }
        return PartitionChoice(partition: sticky(), origin: .sticky)
    }
}
