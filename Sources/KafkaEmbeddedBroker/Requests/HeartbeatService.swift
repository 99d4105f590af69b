// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Answers Heartbeat: a member stays one, and learns whether it is to join again.
struct HeartbeatService {
    let cluster: Cluster
    let groups: GroupCoordinator

    func serve(_ request: HeartbeatRequest, _ context: RequestContext) -> Answer {
        do throws(GroupRefusal) {
            try context.checkMember(request.groupID, cluster)
            try groups.heartbeat(request)
            return context.answer(HeartbeatResponse())
        } catch {
            return context.answer(HeartbeatResponse(errorCode: error.code))
        }
    }
}
