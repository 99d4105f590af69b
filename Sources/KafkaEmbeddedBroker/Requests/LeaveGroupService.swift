// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Answers LeaveGroup: members go, or are taken out by an administrator.
struct LeaveGroupService {
    let cluster: Cluster
    let groups: GroupCoordinator

    /// The first version with several members.
    private static let firstManyVersion: Int16 = 3

    func serve(_ request: LeaveGroupRequest, _ context: RequestContext) -> Answer {
        do throws(GroupRefusal) {
            try context.checkMember(request.groupID, cluster)
            guard context.version >= Self.firstManyVersion else {
                try groups.leave(.init(memberID: request.memberID), of: request.groupID)
                return context.answer(LeaveGroupResponse())
            }
        } catch {
            return context.answer(LeaveGroupResponse(errorCode: error.code))
        }
        let members = request.members.map { member in
            var result = LeaveGroupResponse.Member(
                memberID: member.memberID,
                groupInstanceID: member.groupInstanceID
            )
            do throws(GroupRefusal) {
                try groups.leave(member, of: request.groupID)
            } catch {
                result.errorCode = error.code
            }
            return result
        }
        return context.answer(LeaveGroupResponse(members: members))
    }
}
