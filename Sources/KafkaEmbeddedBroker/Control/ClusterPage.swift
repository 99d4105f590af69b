// SPDX-License-Identifier: Apache-2.0

/// What runs where, for a person: a line a broker and a line a partition.
struct ClusterPage {
    let text: String

    init(_ cluster: Cluster) {
        var lines = cluster.nodes.map { "broker \($0.id) \($0.host):\($0.port) \($0.word)" }
        if let address = cluster.uiAddress { lines.append("page \(address)") }
        let parted = cluster.nodes.links.parted
        if !parted.isEmpty { lines.append("parted " + parted.joined(separator: " ")) }
        for topic in cluster.topics.values.sorted(by: { $0.name < $1.name }) {
            for partition in topic.partitions { lines.append(Self.line(topic, partition, cluster.inSync(partition))) }
        }
        text = lines.joined(separator: "\n") + "\n"
    }

    private static func line(_ topic: Topic, _ partition: Partition, _ inSync: [Int32]) -> String {
        func list(_ nodes: [Int32]) -> String { nodes.map(String.init).joined(separator: ",") }
        let leader = partition.leader == Partition.noLeader ? "none" : "\(partition.leader)"
        let ends = partition.replicas.map { node in
            "\(node):\(partition.log(on: node).map { "\($0.logEndOffset)" } ?? "none")"
        }
        return "\(topic.name)-\(partition.index) leader \(leader) epoch \(partition.leaderEpoch)"
            + " replicas \(list(partition.replicas)) in-sync \(list(inSync))"
            + " high-watermark \(partition.log.highWatermark) ends \(ends.joined(separator: ","))"
    }
}
