// SPDX-License-Identifier: Apache-2.0

/// Where to begin to read a partition.
public enum ReadStart: Sendable, Hashable {
    /// At the oldest record that is there.
    case earliest
    /// Behind the newest record that is there.
    case latest
    /// At this offset, which must not be older than the oldest record.
    case offset(Int64)
    /// At the first record whose timestamp is this one or a later one, in milliseconds since 1970. Behind the newest record
    /// if there is no such record.
    case timestamp(Int64)
    /// So many offsets before the newest record's end, or at the oldest record when there are fewer.
    case last(Int64)
}
