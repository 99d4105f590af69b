// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProtocol
import NIOCore

extension ClusterClient {
    /// Why nothing can be asked about a topic, nil when it is known.
    func obstacle(topic name: String) -> Obstacle? {
        let error = directory.errors[name]
        if let error, !error.isRetriable { return .refused(error) }
        if cluster.isBootstrap, let objection = connections.history.objection(to: bootstrap) {
            return .noListener(objection)
        }
        guard cluster.topics[name] == nil else { return nil }
        if error == .unknownTopicOrPartition { return .unknownTopic }
        if let error { return .notKnownYet(reason: "\(error.name): \(error.explanation)") }
        return .notKnownYet(reason: connections.history.lastFailure.map { "\($0.address): \($0.reason)" })
    }

    /// How to ask the leader of a partition. Connects to it if it is not connected.
    func access(to partition: Int32, of name: String, now: NIODeadline) -> LeaderAccess {
        if let obstacle = obstacle(topic: name) { return .closed(obstacle) }
        guard let topic = cluster.topics[name] else { return .closed(.notKnownYet(reason: nil)) }
        guard let known = cluster.partition(partition, of: name) else {
            return .closed(.unknownPartition(count: topic.partitions.count))
        }
        guard let node = known.leader, let connection = connection(to: node, now: now) else {
            return .closed(.noLeader)
        }
        guard connections.connect(connection, now: now) else {
            let failure = connections.history.lastFailure
            let reason = failure?.address == connection.address ? failure?.reason : nil
            return .closed(.notConnected(connection.address, reason: reason))
        }
        if let pause = connection.throttledUntil, pause > now { return .paused(until: pause) }
        let leader = PartitionLeader(
            node: node,
            epoch: known.leaderEpoch,
            topicID: topic.id,
            incarnation: topic.incarnation
        )
        return .open(leader)
    }
}
