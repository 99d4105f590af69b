// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// How much of a cluster the page shows at once.
extension ClusterView {
    /// Topics and partitions over all topics.
    static let mostTopics = 200
    static let mostPartitions = 1000
    /// Topics whose last records are shown together.
    static let mostTopicsWithRecords = 10
    static let mostGroups = 100
    static let mostMembers = 100
    static let mostOffsets = 200

    /// - Parameters:
    ///   - cluster: The cluster.
    ///   - wanted: The topic to show; nil for all.
    ///   - records: Gives the last records of a topic; nil when they are not to be shown.
    init(_ cluster: Cluster, topic wanted: Topic?, records: ((Topic) -> LastRecords)?) {
        self.cluster = cluster.id
        brokers = cluster.nodes.map { node in
            Broker(id: node.id, address: "\(node.host):\(node.port)", state: node.word)
        }
        parted = cluster.nodes.links.parted
        topicCount = cluster.topics.count
        partitionCount = cluster.topics.values.reduce(0) { $0 + $1.partitions.count }
        let all = wanted.map { [$0] } ?? cluster.topics.values.sorted { $0.name < $1.name }
        topicsOmitted = max(0, all.count - Self.mostTopics)
        recordsHidden =
            records == nil ? "records are not shown, since the broker does not let everybody read them" : nil
        topics = []
        var room = wanted == nil ? Self.mostPartitions : Partition.counts.upperBound
        for (place, topic) in all.prefix(Self.mostTopics).enumerated() {
            let shown = topic.partitions.prefix(max(0, room))
            room -= shown.count
            let last = place < Self.mostTopicsWithRecords ? records?(topic) : nil
            topics.append(
                TopicView(
                    name: topic.name,
                    partitionCount: topic.partitions.count,
                    partitions: shown.map { PartitionView($0, cluster.inSync($0)) },
                    partitionsOmitted: topic.partitions.count - shown.count,
                    records: last?.records,
                    recordsOmitted: last?.omission
                )
            )
        }
        let names = Set(cluster.coordination.groups.keys).union(cluster.coordination.offsets.groups).sorted()
        groups = names.prefix(Self.mostGroups).map { Group($0, cluster) }
        groupsOmitted = max(0, names.count - Self.mostGroups)
    }
}

extension ClusterView.PartitionView {
    init(_ partition: Partition, _ inSync: [Int32]) {
        self.init(
            index: partition.index,
            leader: partition.leader == Partition.noLeader ? nil : partition.leader,
            epoch: partition.leaderEpoch,
            replicas: partition.replicas,
            inSync: inSync,
            logStart: partition.log.logStartOffset,
            highWatermark: partition.log.highWatermark,
            logEnd: partition.log.logEndOffset,
            size: partition.log.size
        )
    }
}

extension ClusterView.Group {
    init(_ name: String, _ cluster: Cluster) {
        self.name = name
        let group = cluster.coordination.groups[name]
        state = (group?.phase ?? .empty).rawValue
        members = (group?.membersInOrder ?? []).prefix(ClusterView.mostMembers).map { member in
            ClusterView.Member(
                id: member.id,
                instance: member.instance,
                client: member.clientID,
                host: member.clientHost,
                reads: ConsumerAssignment.partitions(in: member.assignment)
            )
        }
        offsets = []
        lag = 0
        let places = cluster.coordination.offsets.partitions(of: name)
        offsetsOmitted = max(0, places.count - ClusterView.mostOffsets)
        for place in places {
            let committed = GroupOffset.Place(group: name, partition: place)
            guard let offset = cluster.coordination.offsets.offset(at: committed)?.offset else { continue }
            let end = cluster.topics[place.topic]?.partition(place.index)?.log.highWatermark
            let behind = end.map { max(0, $0 - offset) }
            lag += behind ?? 0
            guard offsets.count < ClusterView.mostOffsets else { continue }
            offsets.append(
                .init(topic: place.topic, partition: place.index, committed: offset, lag: behind)
            )
        }
    }
}
