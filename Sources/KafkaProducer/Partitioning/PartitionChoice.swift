// SPDX-License-Identifier: Apache-2.0

/// A record's partition, and how it was found.
struct PartitionChoice: Equatable {
    /// How a record's partition was found, which decides whether another one may take its place.
    enum Origin {
        /// The record's sender named the partition.
        case named
        /// The record's key, or a partitioner of one's own, chose it.
        case derived
        /// It was the sticky one; the next will do as well.
        case sticky
    }

    /// The partition's number. The topic may not have it.
    let partition: Int32
    let origin: Origin
}
