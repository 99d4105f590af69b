// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Deals records out to the available partitions in turn, whatever their keys.
///
/// Kafka's `org.apache.kafka.clients.producer.RoundRobinPartitioner`, without that one's skew (KAFKA-9965).
public final class RoundRobinPartitioner: Partitioner {
    private let next = Atomic<UInt32>(0)

    /// A partitioner that begins at the first partition.
    public init() {}

    /// The next available partition; the next of all while none has a leader.
    public func partition(key: Span<UInt8>?, value: Span<UInt8>?, topic: TopicPartitions) -> Int32 {
        let turn = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard !topic.available.isEmpty else { return Int32(turn % UInt32(max(1, topic.partitionCount))) }
        return topic.available[Int(turn % UInt32(topic.available.count))]
    }
}
