// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

extension LeaderAndEpoch {
    /// Who leads the partition, for an error response of a version that can say it (KIP-951), unless it is to be hidden.
    init(_ partition: Partition, sinceVersion version: Int16, _ context: RequestContext) {
        self.init()
        guard context.version >= version, !partition.hidesLeader else { return }
        leaderID = partition.leader
        leaderEpoch = partition.leaderEpoch
    }
}

extension Cluster {
    /// The addresses of these nodes, as clients of a listener are told them.
    func endpoints(of nodeIDs: Set<Int32>, for listener: ListenerKind) -> [NodeEndpoint] {
        nodes.filter { nodeIDs.contains($0.id) }.map { node in
            NodeEndpoint(nodeID: node.id, host: node.host, port: Int32(node.port(of: listener)))
        }
    }
}
