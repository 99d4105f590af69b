// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// What must be right before a coordinator does anything, in Kafka's order.
extension RequestContext {
    /// Throws when the client may not write with a transactional id, or another broker coordinates it.
    func checkTransactionalID(_ id: String, _ cluster: Cluster) throws(TransactionRefusal) {
        guard cluster.authorizer.allows(principal, .write, .transactionalID, id) else {
            throw TransactionRefusal(.transactionalIDAuthorizationFailed)
        }
        guard !id.isEmpty else { throw TransactionRefusal(.invalidRequest) }
        let key = CoordinatorKey(kind: .transaction, name: id)
        if let objection = cluster.objection(to: nodeID, coordinating: key) { throw TransactionRefusal(objection) }
    }

    /// Throws when the client may not do something with a group, or another broker coordinates it.
    func checkGroup(
        _ group: String,
        _ operation: Permission.Operation,
        _ cluster: Cluster
    ) throws(TransactionRefusal) {
        guard cluster.authorizer.allows(principal, operation, .group, group) else {
            throw TransactionRefusal(.groupAuthorizationFailed)
        }
        guard !group.isEmpty else { throw TransactionRefusal(.invalidGroupID) }
        let key = CoordinatorKey(kind: .group, name: group)
        if let objection = cluster.objection(to: nodeID, coordinating: key) { throw TransactionRefusal(objection) }
    }
}

extension FaultOrders {
    /// The error that a fault wants for the request as a whole, so that nothing is done; nil for none.
    var refusal: ErrorCode? { failures.first { !$0.isAfterAppend && $0.scope.isEverything }?.code }
}
