// SPDX-License-Identifier: Apache-2.0

/// The partitions that the hash of a key chooses among: those that a topic has at a time.
public struct KeyedPartitions: Sendable, Equatable {
    /// How many there are; more than 0.
    public let count: Int32
    /// 2^64 / `count`, rounded up, whose multiples tell remainders without a division.
    @usableFromInline let reciprocal: UInt64

    /// So many partitions.
    public init(count: Int32) {
        self.count = count
        reciprocal = count > 0 ? UInt64.max / UInt64(count) &+ 1 : 0
    }

    /// The number of a key's partition, as the Java client chooses it.
    ///
    /// - Parameter key: the serialized key.
    /// - Returns: a number below ``count``.
    @inlinable
    @inline(__always)
    public func number(forKey key: Span<UInt8>) -> Int32 {
        // The fraction of hash / count, in units of 2^-64, times the count. It is exact for numbers of 32 bits.
        let fraction = UInt64(Murmur2.positiveHash(key)) &* reciprocal
        return Int32(truncatingIfNeeded: fraction.multipliedFullWidth(by: UInt64(UInt32(bitPattern: count))).high)
    }

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
