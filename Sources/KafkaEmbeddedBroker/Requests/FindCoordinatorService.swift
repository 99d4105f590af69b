// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Logging

/// Answers FindCoordinator: the broker that the hash of a group's or transactional id's name chooses, or that it moved to.
struct FindCoordinatorService {
    let cluster: Cluster

    /// The first version that asks for several names at once.
    private static let firstManyVersion: Int16 = 4

    func serve(_ request: FindCoordinatorRequest, _ context: RequestContext) -> Answer {
        guard context.version >= Self.firstManyVersion else {
            let found = find(request.key, request.keyType, context)
            return context.answer(
                FindCoordinatorResponse(
                    errorCode: found.errorCode,
                    errorMessage: found.errorMessage,
                    nodeID: found.nodeID,
                    host: found.host,
                    port: found.port
                )
            )
        }
        let found = request.coordinatorKeys.map { find($0, request.keyType, context) }
        return context.answer(FindCoordinatorResponse(coordinators: found))
    }

    private func find(
        _ name: String,
        _ type: Int8,
        _ context: RequestContext
    ) -> FindCoordinatorResponse.Coordinator {
        var found = FindCoordinatorResponse.Coordinator(key: name, nodeID: -1, port: -1, errorMessage: nil)
        guard let kind = CoordinatorKey.Kind(rawValue: type) else {
            found.errorCode = .invalidRequest
            found.errorMessage = "this broker coordinates groups and transactions, not type \(type)"
            return found
        }
        guard cluster.authorizer.allows(context.principal, .describe, kind.resourceType, name) else {
            found.errorCode = kind == .group ? .groupAuthorizationFailed : .transactionalIDAuthorizationFailed
            return found
        }
        guard !name.isEmpty || kind == .group else {
            found.errorCode = .invalidRequest
            return found
        }
        guard let node = cluster.coordinator(of: CoordinatorKey(kind: kind, name: name)) else {
            found.errorCode = .coordinatorNotAvailable
            return found
        }
        found.nodeID = node.id
        found.host = node.host
        found.port = Int32(node.port(of: context.connection.listener))
        return found
    }
}

extension CoordinatorKey.Kind {
    /// What permissions call it.
    fileprivate var resourceType: Permission.ResourceType {
        switch self {
        case .group: .group
        case .transaction: .transactionalID
        }
    }
}
