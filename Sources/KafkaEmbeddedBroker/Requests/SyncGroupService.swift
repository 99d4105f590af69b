// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Answers SyncGroup: a member learns what it is to do, once the leader has said it.
struct SyncGroupService {
    let cluster: Cluster
    let groups: GroupCoordinator

    func serve(_ request: SyncGroupRequest, _ context: RequestContext) -> Answer {
        do throws(GroupRefusal) {
            try context.checkMember(request.groupID, cluster)
            return try groups.sync(request, context)
        } catch {
            return context.answer(SyncGroupResponse(errorCode: error.code))
        }
    }
}
