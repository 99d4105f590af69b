// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Logging

/// Answers DeleteGroups: forgets groups that have no members.
struct DeleteGroupsService {
    let cluster: Cluster
    let groups: GroupCoordinator

    func serve(_ request: DeleteGroupsRequest, _ context: RequestContext) -> Answer {
        let results = request.groupsNames.map { name in
            DeleteGroupsResponse.Result(groupID: name, errorCode: delete(name, context) ?? .none)
        }
        return context.answer(DeleteGroupsResponse(results: results))
    }

    private func delete(_ name: String, _ context: RequestContext) -> ErrorCode? {
        do throws(TransactionRefusal) {
            if let code = context.faults?.refusal { throw TransactionRefusal(code) }
            try context.checkGroup(name, .delete, cluster)
        } catch {
            return error.code
        }
        let state = cluster.coordination
        guard state.groups[name] != nil || state.offsets.isKnown(name) else { return .groupIDNotFound }
        if let group = state.groups[name], group.phase != .empty { return .nonEmptyGroup }
        do throws(StorageError) {
            try groups.forget(name)
        } catch {
            cluster.logger.error("a group was not deleted", metadata: ["group": "\(name)", "error": "\(error)"])
            return .coordinatorNotAvailable
        }
        return nil
    }
}
