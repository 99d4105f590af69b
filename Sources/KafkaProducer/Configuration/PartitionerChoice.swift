// SPDX-License-Identifier: Apache-2.0

/// What chooses a partition for a record that names none: Kafka's `partitioner.class`.
@nonexhaustive
public enum PartitionerChoice: Sendable, Hashable {
    /// Murmur2 on keys, sticky and adaptive without them (KIP-794). The default, and what the former
    /// `DefaultPartitioner` did.
    case builtIn
    /// One partition after the other, whatever the key: Kafka's `RoundRobinPartitioner`.
    case roundRobin
}
