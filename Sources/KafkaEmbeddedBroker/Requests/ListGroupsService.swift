// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Answers ListGroups: the groups that the broker coordinates, as far as the client may see them.
struct ListGroupsService {
    let cluster: Cluster

    /// What Kafka calls groups of this protocol.
    private static let type = "classic"

    func serve(_ request: ListGroupsRequest, _ context: RequestContext) -> Answer {
        if let code = context.faults?.refusal { return context.answer(ListGroupsResponse(errorCode: code)) }
        let state = cluster.coordination
        let phases = Set(request.statesFilter.map { $0.lowercased() })
        let types = Set(request.typesFilter.map { $0.lowercased() })
        let seesAll = cluster.authorizer.allows(context.principal, .describe, .cluster)
        let names = state.offsets.groups.union(state.groups.keys).sorted()
        let groups = names.compactMap { name -> ListGroupsResponse.Group? in
            let group = state.groups[name] ?? ClassicGroup()
            let key = CoordinatorKey(kind: .group, name: name)
            guard
                phases.isEmpty || phases.contains(group.phase.rawValue.lowercased()),
                types.isEmpty || types.contains(Self.type),
                cluster.objection(to: context.nodeID, coordinating: key) == nil,
                seesAll || cluster.authorizer.allows(context.principal, .describe, .group, name)
            else { return nil }
            return .init(
                groupID: name,
                protocolType: group.protocolType ?? "",
                groupState: group.phase.rawValue,
                groupType: Self.type
            )
        }
        return context.answer(ListGroupsResponse(groups: groups))
    }
}
