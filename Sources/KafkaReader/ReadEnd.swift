// SPDX-License-Identifier: Apache-2.0

/// Where to end reading a partition.
public enum ReadEnd: Sendable, Hashable {
    /// Before this offset. Records that are not there yet are waited for.
    case offset(Int64)
    /// Behind the record that is the newest one when reading begins, which is at the first call of
    /// ``PartitionReader/next()``.
    case latestAtStart
    /// Before the first record whose timestamp, in milliseconds since 1970, is this one or a later one when reading begins;
    /// behind the newest record if there is no such record.
    case timestamp(Int64)
    /// Nowhere: reading waits for what is appended.
    case never
}
