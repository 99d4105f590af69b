// SPDX-License-Identifier: Apache-2.0
import Logging

/// Which brokers run, and who leads what because of it.
extension Cluster {
    /// Node id of the controller: the first broker that runs.
    var controllerID: Int32 { nodes.first { $0.isUp }?.id ?? 1 }

    /// Whether a broker runs. All do before they listen.
    func isUp(_ nodeID: Int32) -> Bool {
        node(nodeID)?.isUp ?? true
    }

    /// What is known of a broker; nil when there is none of this id.
    func node(_ nodeID: Int32) -> Node? {
        let index = Int(nodeID) - 1
        return nodes.indices.contains(index) ? nodes[index] : nil
    }

    /// Node ids of the replicas that have all that the leader has. One that runs always has, since there is one log.
    func inSync(_ partition: Partition) -> [Int32] {
        partition.replicas.filter { isUp($0) }
    }

    /// Takes note that a broker went down.
    ///
    /// - Parameters:
    ///   - nodeID: Which one.
    ///   - keepingLeaders: Whether the cluster does not take note: clients are told of it as before. Else the next
    ///     replica of each of its partitions becomes the leader, or none where none runs.
    func wentDown(_ nodeID: Int32, keepingLeaders: Bool) {
        change(nodeID) { node in
            node.isUp = false
            node.isAnnounced = keepingLeaders
            node.incarnation += 1
        }
        coordinatorsMoved()
        guard !keepingLeaders else { return }
        forEachPartition { topic, partition in
            guard partition.leader == nodeID else { return }
            elect(inSync(partition).first ?? Partition.noLeader, of: partition, in: topic)
        }
    }

    /// Lets no broker serve what it still has in hand.
    func loseWhatIsInHand() {
        for index in nodes.indices { nodes[index].incarnation += 1 }
    }

    /// Takes note that a broker runs again. It leads again what no other broker could.
    func cameUp(_ nodeID: Int32) {
        change(nodeID) { node in
            node.isUp = true
            node.isAnnounced = true
        }
        coordinatorsMoved()
        forEachPartition { topic, partition in
            guard partition.leader == Partition.noLeader, partition.replicas.contains(nodeID) else { return }
            elect(nodeID, of: partition, in: topic)
        }
    }

    /// Makes another broker the leader: this one, or the next one that runs, a replica before others.
    func moveLeader(of partition: Partition, in topic: Topic, to wanted: Int32?, hints: Bool, staleMetadata: Int) {
        let others = nodes.filter { $0.isUp && $0.id != partition.leader }.map(\.id)
        let inTurn = others.filter { $0 > partition.leader } + others.filter { $0 < partition.leader }
        let next = inTurn.first { partition.replicas.contains($0) } ?? inTurn.first
        guard let leader = wanted ?? next, leader != partition.leader, node(leader) != nil else { return }
        elect(leader, of: partition, in: topic, hints: hints, staleMetadata: staleMetadata)
    }

    private func elect(
        _ leader: Int32,
        of partition: Partition,
        in topic: Topic,
        hints: Bool = true,
        staleMetadata: Int = 0
    ) {
        partition.elect(leader, hints: hints, staleMetadata: staleMetadata)
        keepLeaderEpoch(of: partition, in: topic)
        logger.debug(
            "leader changed",
            metadata: ["partition": "\(topic.name)-\(partition.index)", "leader": "\(leader)"]
        )
    }

    private func change(_ nodeID: Int32, _ body: (inout Node) -> Void) {
        guard node(nodeID) != nil else { return }
        body(&nodes[Int(nodeID) - 1])
    }

    private func forEachPartition(_ body: (Topic, Partition) -> Void) {
        for topic in topics.values {
            for partition in topic.partitions { body(topic, partition) }
        }
    }
}
