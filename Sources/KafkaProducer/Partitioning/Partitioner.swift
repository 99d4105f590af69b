// SPDX-License-Identifier: Apache-2.0

/// Chooses the partition of records that name none; for rules of one's own (Kafka's `partitioner.class`).
///
/// Called once a record on the appending thread: it must not block.
public protocol Partitioner: Sendable {
    /// The partition for a record.
    ///
    /// - Parameters:
    ///   - key: the serialized key, if the record has one.
    ///   - value: the serialized value, if the record has one.
    ///   - topic: the topic with its partitions.
    /// - Returns: a partition from 0 up to, not including, `topic.partitionCount`; any other fails the record.
    func partition(key: Span<UInt8>?, value: Span<UInt8>?, topic: TopicPartitions) -> Int32
}

/// What a partitioner sees of a topic.
public struct TopicPartitions: Sendable, Equatable {
    /// The topic's name.
    public let name: String
    /// How many partitions the topic has.
    public let partitionCount: Int32
    /// The partitions that have a leader now, in order.
    public let available: [Int32]
    /// Those of them whose leaders are in the producer's rack, for the built-in choice (KIP-1123); empty if none is preferred.
    var near: [Int32] = []

    /// The numbers of so many partitions, for a person.
    static func numbers(ofCount count: some BinaryInteger) -> String { count == 1 ? "0" : "0 to \(count - 1)" }
}
