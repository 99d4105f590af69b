// SPDX-License-Identifier: Apache-2.0

/// How a record's partition was found, which tells whether another one may take its place.
enum PartitionOrigin {
    /// Whoever sent the record named the partition.
    case named
    /// The record's key, or a partitioner of one's own, chose it.
    case derived
    /// It was the sticky one; the next will do as well.
    case sticky
}
