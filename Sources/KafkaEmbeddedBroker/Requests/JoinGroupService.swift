// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Answers JoinGroup: a client becomes a member of a group, once all others have joined again.
struct JoinGroupService {
    let cluster: Cluster
    let groups: GroupCoordinator

    func serve(_ request: JoinGroupRequest, _ context: RequestContext) -> Answer {
        do throws(GroupRefusal) {
            try context.checkMember(request.groupID, cluster)
            guard cluster.configuration.sessionTimeouts.contains(.milliseconds(Int(request.sessionTimeoutMs))) else {
                throw GroupRefusal(.invalidSessionTimeout)
            }
            let prefix = request.groupInstanceID ?? context.header.clientID ?? ""
            let wanted = GroupJoin(
                request,
                version: context.version,
                clientID: context.header.clientID ?? "",
                clientHost: context.connection.host,
                newID: "\(prefix)-\(RandomText.uuid())"
            )
            return try groups.join(wanted, of: request.groupID, context)
        } catch {
            let memberID = error.memberID ?? request.memberID
            return context.answer(JoinGroupResponse(errorCode: error.code, memberID: memberID))
        }
    }
}

extension RequestContext {
    /// Throws when the client may not be a member of a group, or another broker coordinates it.
    func checkMember(_ group: String, _ cluster: Cluster) throws(GroupRefusal) {
        if let code = faults?.refusal { throw GroupRefusal(code) }
        do throws(TransactionRefusal) {
            try checkGroup(group, .read, cluster)
        } catch {
            throw GroupRefusal(error.code)
        }
    }
}
