// SPDX-License-Identifier: Apache-2.0

/// A batch that was appended with `acks=all`, and that not all replicas in sync have yet.
struct UnconfirmedBatch {
    /// Where in the response its partition is.
    var topic = 0
    var place = 0
    var partition: Partition
    var replicas: ReplicaSet
    /// The offset behind it.
    var end: Int64
}
