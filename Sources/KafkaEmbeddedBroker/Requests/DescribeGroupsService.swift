// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Answers DescribeGroups: how groups stand, and who their members are.
struct DescribeGroupsService {
    let cluster: Cluster

    /// The first version in which a group that is not there is an error (KIP-1043).
    private static let firstNotFoundVersion: Int16 = 6

    func serve(_ request: DescribeGroupsRequest, _ context: RequestContext) -> Answer {
        let groups = request.groups.map { name in
            var described = describe(name, context)
            if request.includeAuthorizedOperations, described.errorCode == .none {
                described.authorizedOperations = cluster.authorizer.operations(of: context.principal, on: .group, name)
            }
            return described
        }
        return context.answer(DescribeGroupsResponse(groups: groups))
    }

    private func describe(_ name: String, _ context: RequestContext) -> DescribeGroupsResponse.Group {
        var described = DescribeGroupsResponse.Group(groupID: name)
        do throws(TransactionRefusal) {
            if let code = context.faults?.refusal { throw TransactionRefusal(code) }
            try context.checkGroup(name, .describe, cluster)
        } catch {
            described.errorCode = error.code
            return described
        }
        guard let group = cluster.coordination.groups[name] else {
            let isSimple = cluster.coordination.offsets.isKnown(name)
            described.groupState = (isSimple ? ClassicGroup.Phase.empty : .dead).rawValue
            if !isSimple, context.version >= Self.firstNotFoundVersion {
                described.errorCode = .groupIDNotFound
                described.errorMessage = "Group \(name) not found."
            }
            return described
        }
        described.groupState = group.phase.rawValue
        described.protocolType = group.protocolType ?? ""
        let isStable = group.phase == .stable
        described.protocolData = isStable ? group.protocolName ?? "" : ""
        described.members = group.membersInOrder.map { member in
            var shown = DescribeGroupsResponse.Member(
                memberID: member.id,
                groupInstanceID: member.instance,
                clientID: member.clientID,
                clientHost: member.clientHost
            )
            // What is being worked out is shown to nobody.
            guard isStable else { return shown }
            shown.memberMetadata = member.metadata(for: group.protocolName)
            shown.memberAssignment = member.assignment
            return shown
        }
        return described
    }
}
