// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Logging

/// Which broker coordinates a group or a transactional id.
extension Cluster {
    /// The coordinator, or nil when no broker runs.
    func coordinator(of key: CoordinatorKey) -> Node? {
        coordination.placement.node(of: key, among: nodes.all).flatMap { nodes[id: $0] }
    }

    /// Why a broker does not answer for a group or transactional id, or nil when it does.
    func objection(to nodeID: Int32, coordinating key: CoordinatorKey) -> ErrorCode? {
        coordination.placement.objection(to: nodeID, for: key, among: nodes.all, now: coordination.now)
    }

    /// Whether the coordinator of a transactional id can be asked by a leader of partitions.
    func canAskCoordinator(of key: CoordinatorKey) -> Bool {
        guard let node = coordinator(of: key) else { return false }
        return objection(to: node.id, coordinating: key) == nil
    }

    /// Lets another broker coordinate: this one, or the next one that runs.
    func moveCoordinator(of key: CoordinatorKey, to node: Int32?, loadingFor time: Duration) {
        let loaded = coordination.now + time.milliseconds
        coordination.placement.move(key, to: node, among: nodes.all, loaded: loaded)
        do throws(StorageError) {
            try coordination.coordinatorMoved()
        } catch {
            logger.error("the coordinators' epoch was not written", metadata: ["error": "\(error)"])
        }
        coordinatorsMoved()
        logger.debug("coordinator moved", metadata: ["of": "\(key.name)"])
    }
}
