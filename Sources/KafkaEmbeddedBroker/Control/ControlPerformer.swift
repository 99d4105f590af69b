// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Does at a running cluster what a control command asks for, on the cluster's event loop.
struct ControlPerformer {
    let server: Server

    /// Does it.
    ///
    /// - Returns: What is to be said, which is empty when there is nothing to say; later when something is waited for.
    func perform(_ command: ControlCommand) throws(EmbeddedBrokerError) -> EventLoopFuture<String> {
        let cluster = server.cluster
        switch command {
        case .status: return said(ClusterPage(cluster).text)
        case .stop(let node): server.takeDown(try server.nodeID(node), .stopped)
        case .kill(let node): server.takeDown(try server.nodeID(node), .killed)
        case .start(let node):
            let nodeID = try server.nodeID(node)
            if !cluster.nodes.isUp(nodeID) { cluster.cameUp(nodeID) }
            return server.listenAgain(nodeID).map { "" }
        case .freeze(let node): server.freeze(try server.nodeID(node))
        case .thaw(let node): server.thaw(try server.nodeID(node))
        case .part(let node, let others):
            let nodeID = try server.nodeID(node)
            var nodes = others.isEmpty ? cluster.nodes.map(\.id) : []
            for other in others { nodes.append(try server.nodeID(other)) }
            cluster.changeLinks { links in for other in nodes { links.part(nodeID, other) } }
        case .heal: cluster.changeLinks { $0.healAll() }
        case .elect(let topic, let partition): return said(try elect(topic, partition))
        case .electUnclean(let topic, let partition):
            let found = try server.partition(topic, partition)
            guard found.partition.leader == Partition.noLeader else {
                throw EmbeddedBrokerError(.invalidConfiguration, "\(topic)-\(partition) has a leader")
            }
            guard cluster.electUnclean(found.partition, in: found.topic) else {
                throw EmbeddedBrokerError(.invalidConfiguration, "no replica of \(topic)-\(partition) runs")
            }
        }
        return said("")
    }

    private func said(_ text: String) -> EventLoopFuture<String> { server.eventLoop.makeSucceededFuture(text) }

    private func elect(_ topic: String?, _ index: Int?) throws(EmbeddedBrokerError) -> String {
        let cluster = server.cluster
        if let topic { _ = try server.partition(topic, index ?? 0) }
        var failed: [String] = []
        for found in cluster.topics.values where found.name == topic ?? found.name {
            for partition in found.partitions where Int(partition.index) == index ?? Int(partition.index) {
                if !cluster.electPreferred(partition) { failed.append("\(found.name)-\(partition.index)") }
            }
        }
        return failed.sorted().map { "\($0): the preferred leader does not run or is not in sync\n" }.joined()
    }
}
