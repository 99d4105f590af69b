// SPDX-License-Identifier: Apache-2.0

/// A marker that was written to a leader's log, and that not all replicas in sync have yet.
struct PlacedMarker {
    /// Whose transaction it ends, and where.
    struct Key: Hashable {
        var partition: TransactionPartition
        var producerID: Int64
        var epoch: Int16
    }

    var offset: Int64
    /// The epoch of the leader that wrote it.
    var leaderEpoch: Int32
}
