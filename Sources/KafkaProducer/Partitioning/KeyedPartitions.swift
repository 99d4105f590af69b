// SPDX-License-Identifier: Apache-2.0

/// The partitions that the hash of a key chooses among: those that a topic has at a time.
public struct KeyedPartitions: Sendable, Equatable {
    /// How many there are; more than 0.
    public let count: Int32

    /// So many partitions.
    public init(count: Int32) {
        self.count = count
    }

    /// The number of a key's partition, as the Java client chooses it.
    ///
    /// - Parameter key: the serialized key.
    /// - Returns: a number below ``count``.
    public func number(forKey key: Span<UInt8>) -> Int32 { Murmur2.partition(forKey: key, count: count) }

    /// A key's partition.
    ///
    /// - Parameter key: the serialized key.
    /// - Returns: the partition, for as long as there are so many.
    public func partition(forKey key: Span<UInt8>) -> KeyedPartition { self[number(forKey: key)] }

    /// The partition of this number.
    public subscript(number: Int32) -> KeyedPartition { KeyedPartition(number, of: count) }
}

/// The partition of records whose keys have one hash, which holds as long as the topic has so many partitions.
public struct KeyedPartition: Sendable, Equatable {
    /// The partition's number.
    public let number: Int32
    /// How many partitions the topic had when it was chosen.
    public let partitionCount: Int32

    /// The partition of this number among so many.
    public init(_ number: Int32, of partitionCount: Int32) {
        self.number = number
        self.partitionCount = partitionCount
    }
}
