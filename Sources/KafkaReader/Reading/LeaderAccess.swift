// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// The leader of a partition, as the cluster names it.
struct PartitionLeader: Equatable, Sendable {
    let node: Int32
    /// -1 when the cluster does not tell.
    let epoch: Int32
    /// Zero when the cluster does not tell.
    let topicID: TopicID
    /// Counts up when another topic takes the name.
    let incarnation: Int
}

/// Whether a partition's leader can be asked now.
enum LeaderAccess: Equatable {
    /// It is connected and takes requests.
    case open(PartitionLeader)
    /// It wants no requests before this time.
    case paused(until: NIODeadline)
    /// It cannot be asked.
    case closed(Obstacle)
}
