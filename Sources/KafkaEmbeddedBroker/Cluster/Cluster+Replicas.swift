// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Logging

/// Partitions with several replicas: how they are opened, and what is written down of them.
extension Cluster {
    /// Node ids for the replicas of each partition of a new topic: leaders in turn, and the nodes after the leader.
    func assignments(partitions: Int, replicationFactor: Int) -> [[Int32]] {
        let count = configuration.brokers
        return (0..<partitions).map { partition in
            (0..<replicationFactor).map { Int32((partition + $0) % count) + 1 }
        }
    }

    /// Opens the replicas of a partition, and makes them where they are not there yet. A log of a time when there was one for all
    /// replicas becomes that of the first.
    func openReplicas(
        _ index: Int,
        of topic: String,
        id: TopicID,
        _ wanted: [Int32],
        _ settings: LogSettings
    ) throws(EmbeddedBrokerError) -> ReplicaSet {
        let place = TransactionPartition(topic, Int32(index))
        let former = storedReplicas[place]
        let nodeIDs = former?.replicas ?? wanted
        if let node = nodeIDs.max(), Int(node) > configuration.brokers {
            throw EmbeddedBrokerError(
                .invalidConfiguration,
                "\(topic)-\(index) has a replica on broker \(node), and there are \(configuration.brokers) brokers: "
                    + "start with --brokers \(node) or more"
            )
        }
        var replicas: [Replica] = []
        do throws(StorageError) {
            if let first = nodeIDs.first { try directory?.adopt(topic: topic, partition: index, node: first) }
        } catch {
            throw EmbeddedBrokerError(error)
        }
        for node in nodeIDs { replicas.append(try openReplica(index, of: topic, id: id, node, settings)) }
        let set = ReplicaSet(
            topic: topic,
            index: Int32(index),
            replicas: replicas,
            state: former.map { state($0, replicas) } ?? state(of: replicas)
        )
        let leader = former.flatMap { former in
            set.state.inSync.contains(former.leader) && nodes.isUp(former.leader) ? former.leader : nil
        }
        let mark = set.mark
        set.elect(leader ?? set.state.candidate(mayBeUnclean: false, nodes.isActive), now: coordination.now)
        for replica in set.changedEpochs(since: mark) { keepEpochs(of: replica, in: set) }
        return set
    }

    private func openReplica(
        _ index: Int,
        of topic: String,
        id: TopicID,
        _ node: Int32,
        _ settings: LogSettings
    ) throws(EmbeddedBrokerError) -> Replica {
        let epochs: LeaderEpochs?
        do throws(StorageError) {
            try directory?.makePartition(topic: topic, id: id, partition: index, node: node)
            epochs = try directory?.leaderEpochs(topic: topic, partition: index, node: node)
        } catch {
            throw EmbeddedBrokerError(error)
        }
        let log = try openLog(directory?.directory(topic: topic, partition: index, node: node), settings)
        if let start = logStart(of: TransactionPartition(topic, Int32(index))) { log.begin(at: start) }
        return Replica(nodeID: node, log: log, epochs: epochs)
    }

    private func state(_ former: StoredReplicas, _ replicas: [Replica]) -> ReplicationState {
        let ends = replicas.filter { former.inSync.contains($0.nodeID) }.map(\.log.logEndOffset)
        return ReplicationState(
            replicas: former.replicas,
            inSync: former.inSync,
            epoch: former.epoch,
            highWatermark: ends.min() ?? 0
        )
    }

    /// Where nothing was written down, those are in sync that have the most: all of a new partition, on brokers that run.
    private func state(of replicas: [Replica]) -> ReplicationState {
        func rank(_ replica: Replica) -> (Int32, Int64) { (replica.epochs.latest ?? -1, replica.log.logEndOffset) }
        let best = replicas.max { rank($0) < rank($1) }.map(rank) ?? (-1, 0)
        let equal = replicas.filter { rank($0) == best }.map(\.nodeID)
        let running = equal.filter { nodes.isActive($0) }
        return ReplicationState(
            replicas: replicas.map(\.nodeID),
            inSync: running.isEmpty ? Array(equal.prefix(1)) : running,
            epoch: best.0,
            highWatermark: best.1
        )
    }

    /// Writes down from which offset on each epoch holds in a replica's log.
    func keepEpochs(of replica: Replica, in set: ReplicaSet) {
        do throws(StorageError) {
            try directory?.write(
                leaderEpochs: replica.epochs,
                topic: set.topic,
                partition: Int(set.index),
                node: replica.nodeID
            )
        } catch {
            logger.error("leader epoch was not written", metadata: ["error": "\(error)"])
        }
    }

    /// Writes down who leads some partitions, and who is in sync there.
    func replicasChanged(of partitions: [Partition]) {
        keep(
            partitions.compactMap(\.replicaSet).map {
                (TransactionPartition($0.topic, $0.index), StoredReplicas($0.state))
            }
        )
    }

    /// Forgets what was written down of a topic.
    func replicasGone(of topic: Topic) {
        let gone = topic.partitions.filter { $0.replicaSet != nil }
        keep(gone.map { (TransactionPartition(topic.name, $0.index), nil) })
    }

    /// Writes down what is found at the start, and forgets what is there no more.
    func replicasOpened(former: [TransactionPartition]) {
        keep(former.filter { topics[$0.topic]?.partition($0.index)?.replicaSet == nil }.map { ($0, nil) })
        replicasChanged(of: topics.values.flatMap(\.partitions))
    }

    private func keep(_ changes: [(TransactionPartition, StoredReplicas?)]) {
        guard let directory, !isClosed, !changes.isEmpty else { return }
        do throws(StorageError) {
            try directory.keep(replicas: changes)
        } catch {
            logger.error("who is in sync was not written", metadata: ["error": "\(error)"])
            storageFailed(error)
        }
    }

    /// Does something with each partition that has several replicas.
    func forEachReplicated(_ body: (Partition, ReplicaSet) -> Void) {
        for topic in topics.values {
            for partition in topic.partitions {
                if let set = partition.replicaSet { body(partition, set) }
            }
        }
    }
}
