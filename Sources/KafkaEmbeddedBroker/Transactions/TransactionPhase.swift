// SPDX-License-Identifier: Apache-2.0

/// Where the transaction of a transactional id stands. The names are Kafka's.
enum TransactionPhase: String, Hashable, CaseIterable {
    /// There has been none yet, or its producer began anew.
    case empty = "Empty"
    /// Partitions were added.
    case ongoing = "Ongoing"
    /// It is decided to be committed; markers are to follow.
    case prepareCommit = "PrepareCommit"
    /// It is decided to be aborted; markers are to follow.
    case prepareAbort = "PrepareAbort"
    /// Each partition has its marker.
    case completeCommit = "CompleteCommit"
    /// Each partition has its marker.
    case completeAbort = "CompleteAbort"

    /// Whether markers are to be written.
    var isPrepared: Bool { self == .prepareCommit || self == .prepareAbort }
    /// Whether nothing is under way.
    var isIdle: Bool { !isPrepared && self != .ongoing }
}
