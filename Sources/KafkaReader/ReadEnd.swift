// SPDX-License-Identifier: Apache-2.0

/// Where to end reading a partition.
public enum ReadEnd: Sendable, Hashable {
    /// Before this offset. Records that are not there yet are waited for.
    case offset(Int64)
    /// Behind the record that is the newest one when reading begins, which is at the first call of
    /// ``PartitionReader/next()``.
    case latestAtStart
    /// Nowhere: reading waits for what is appended.
    case never
}
