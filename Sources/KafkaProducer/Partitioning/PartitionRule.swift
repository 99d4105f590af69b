// SPDX-License-Identifier: Apache-2.0

/// How records that name no partition themselves find theirs.
enum PartitionRule: Sendable {
    /// All go to this one.
    case explicit(Int32)
    /// By the hash of the key; without one, or if keys are ignored, to the sticky partition.
    case builtIn(ignoresKeys: Bool)
    /// By a partitioner of one's own.
    case custom(any Partitioner)
}

extension PartitionRule {
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
