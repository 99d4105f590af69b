// SPDX-License-Identifier: Apache-2.0
import Logging

/// Who leads what, as brokers come and go.
extension Cluster {
    /// Node ids of the replicas that are in sync.
    func inSync(_ partition: Partition) -> [Int32] {
        partition.replicaSet?.state.inSync ?? partition.replicas.filter { nodes.isUp($0) }
    }

    /// Takes note that a broker went down.
    ///
    /// - Parameters:
    ///   - nodeID: Which one.
    ///   - ending: How it went.
    func wentDown(_ nodeID: Int32, _ ending: NodeEnding) {
        if ending == .stopped { drain(nodeID) }
        nodes.wentDown(nodeID, ending)
        coordinatorsMoved()
        guard ending != .unnoticed else { return }
        leave(nodeID)
    }

    /// Lets the followers of a broker that is stopped in order fetch what they do not have yet.
    private func drain(_ nodeID: Int32) {
        guard !replicator.isHeld else { return }
        forEachReplicated { partition, set in
            guard set.state.leader == nodeID else { return }
            var former: Int64 = -1
            while former != partition.log.highWatermark {
                former = partition.log.highWatermark
                replicator.replicate(partition)
            }
        }
    }

    /// Finds other leaders in the place of a broker that runs no more, or is taken for dead.
    private func leave(_ nodeID: Int32) {
        forEachPartition { topic, partition in
            guard let set = partition.replicaSet else {
                guard partition.leader == nodeID else { return }
                let next = partition.replicas.first(where: nodes.isActive)
                return elect(next ?? Partition.noLeader, of: partition, in: topic)
            }
            guard partition.replicas.contains(nodeID) else { return }
            var needsLeader = false
            replicator.update(partition) { set.change { needsLeader = $0.left(nodeID) } }
            guard needsLeader else { return }
            elect(set.state.candidate(mayBeUnclean: set.mayBeUnclean, nodes.isActive), of: partition, in: topic)
        }
    }

    /// Lets a broker answer nothing, until it thaws.
    func freeze(_ nodeID: Int32) { nodes.froze(nodeID, now: coordination.now) }

    /// Lets a broker answer again.
    func thaw(_ nodeID: Int32) {
        if nodes.thawed(nodeID) { cameBack(nodeID) }
    }

    /// Takes brokers for dead of which nothing is heard.
    func fenceFrozenNodes(now: Int64) {
        let timeout = configuration.brokerSessionTimeout.milliseconds
        for nodeID in nodes.silent(now: now, timeout: timeout) {
            nodes.fenced(nodeID)
            coordinatorsMoved()
            logger.info("broker taken for dead", metadata: ["node": "\(nodeID)"])
            leave(nodeID)
        }
    }

    /// Takes note that a broker runs again. It leads again what no other broker could.
    func cameUp(_ nodeID: Int32) {
        nodes.cameUp(nodeID)
        cameBack(nodeID)
    }

    private func cameBack(_ nodeID: Int32) {
        nodes.cameBack(nodeID)
        coordinatorsMoved()
        forEachPartition { topic, partition in
            guard partition.replicas.contains(nodeID) else { return }
            if partition.replicaSet != nil {
                findLeader(of: partition)
                if !replicator.isHeld { replicator.replicate(partition) }
            } else if partition.leader == Partition.noLeader {
                elect(nodeID, of: partition, in: topic)
            }
        }
    }

    /// Lets brokers reach each other again, or parts them.
    func changeLinks(_ body: (inout NodeLinks) -> Void) {
        body(&nodes.links)
        forEachReplicated { partition, _ in replicator.needed(by: partition) }
    }

    /// Finds a leader for a partition that has none.
    func findLeader(of partition: Partition) {
        guard let set = partition.replicaSet, set.state.leader == Partition.noLeader,
            let topic = topics[set.topic]
        else { return }
        let next = set.state.candidate(mayBeUnclean: set.mayBeUnclean, nodes.isActive)
        if next != Partition.noLeader { elect(next, of: partition, in: topic) }
    }

    /// Lets the first replica lead where it can. Kafka does that for a broker that leads too few of its partitions
    /// (`leader.imbalance.per.broker.percentage`).
    func rebalanceLeaders() {
        var preferred: [Int32: (all: Int, others: [Partition])] = [:]
        forEachReplicated { partition, set in
            guard let first = partition.replicas.first else { return }
            preferred[first, default: (0, [])].all += 1
            if set.state.leader != first { preferred[first]?.others.append(partition) }
        }
        for (_, found) in preferred where found.others.count * 10 > found.all {
            for partition in found.others { _ = electPreferred(partition) }
        }
    }

    /// Lets the first replica of a partition lead; false when it does not run or is not in sync.
    func electPreferred(_ partition: Partition) -> Bool {
        guard let set = partition.replicaSet else { return partition.leader == partition.replicas.first }
        if !replicator.isHeld { replicator.replicate(partition) }
        guard let topic = topics[set.topic], let first = partition.replicas.first, nodes.isActive(first),
            set.state.inSync.contains(first)
        else { return false }
        if partition.leader != first { elect(first, of: partition, in: topic) }
        return true
    }

    /// Makes another broker the leader: this one, or the next one that runs, a replica before others. Of several replicas one that
    /// is in sync can lead, after it has fetched what it can.
    ///
    /// - Returns: Whether that one leads now.
    @discardableResult
    func moveLeader(
        of partition: Partition,
        in topic: Topic,
        to wanted: Int32?,
        hints: Bool,
        staleMetadata: Int
    ) -> Bool {
        if partition.replicaSet != nil, !replicator.isHeld { replicator.replicate(partition) }
        let others = nodes.filter { node in
            node.isActive && node.id != partition.leader
                && partition.replicaSet.map { $0.state.inSync.contains(node.id) } ?? true
        }.map(\.id)
        let inTurn = others.filter { $0 > partition.leader } + others.filter { $0 < partition.leader }
        let next = inTurn.first { partition.replicas.contains($0) } ?? inTurn.first
        guard let leader = wanted ?? next, nodes[id: leader] != nil else { return false }
        guard leader != partition.leader else { return true }
        guard partition.replicaSet == nil || others.contains(leader) else {
            logger.info(
                "leader not changed: it is not in sync",
                metadata: ["partition": "\(topic.name)-\(partition.index)", "node": "\(leader)"]
            )
            return false
        }
        elect(leader, of: partition, in: topic, hints: hints, staleMetadata: staleMetadata)
        return true
    }

    /// Lets any replica that runs lead a partition without a leader; false when none runs.
    func electUnclean(_ partition: Partition, in topic: Topic) -> Bool {
        let next =
            partition.replicaSet.map { $0.state.candidate(mayBeUnclean: true, nodes.isActive) }
            ?? partition.replicas.first { nodes.isUp($0) }
        guard let next, next != Partition.noLeader else { return false }
        elect(next, of: partition, in: topic)
        return true
    }

    private func elect(
        _ leader: Int32,
        of partition: Partition,
        in topic: Topic,
        hints: Bool = true,
        staleMetadata: Int = 0
    ) {
        let wasInSync = leader == Partition.noLeader || inSync(partition).contains(leader)
        replicator.update(partition) {
            partition.elect(leader, hints: hints, staleMetadata: staleMetadata, now: coordination.now)
        }
        if partition.replicaSet == nil { keepLeaderEpoch(of: partition, in: topic) }
        logger.debug(
            "leader changed",
            metadata: ["partition": "\(topic.name)-\(partition.index)", "leader": "\(leader)"]
        )
        guard partition.replicaSet != nil else { return }
        if !wasInSync {
            logger.warning(
                "a replica leads that was not in sync: records are lost",
                metadata: ["partition": "\(topic.name)-\(partition.index)", "leader": "\(leader)"]
            )
        }
        replicator.needed(by: partition)
    }

    private func forEachPartition(_ body: (Topic, Partition) -> Void) {
        for topic in topics.values {
            for partition in topic.partitions { body(topic, partition) }
        }
    }
}
