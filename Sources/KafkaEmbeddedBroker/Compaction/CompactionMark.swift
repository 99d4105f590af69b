// SPDX-License-Identifier: Apache-2.0

/// How far a log was compacted.
struct CompactionMark: Equatable {
    /// Before this offset no key stands twice.
    var end: Int64 = 0
    /// When the first record without a value, or marker, may go that was kept so far; nil for none.
    var nextHorizon: Int64?
}
