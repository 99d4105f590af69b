// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Logging

/// Answers OffsetDelete: forgets committed offsets of topics that the group's members do not read.
struct OffsetDeleteService {
    let cluster: Cluster

    func serve(_ request: OffsetDeleteRequest, _ context: RequestContext) -> Answer {
        if let code = refusal(of: request, context) {
            return context.answer(OffsetDeleteResponse(errorCode: code))
        }
        let name = request.groupID
        let subscribed = cluster.coordination.groups[name]?.subscribedTopics ?? []
        var changes: [GroupOffsets.Change] = []
        let topics = request.topics.map { topic in
            OffsetDeleteResponse.TopicResult(
                name: topic.name,
                partitions: topic.partitions.map(\.partitionIndex).map { index in
                    let code = objection(to: topic.name, index, subscribed, context)
                    let place = GroupOffset.Place(group: name, partition: TransactionPartition(topic.name, index))
                    if code == nil { changes.append(.init(place: place, producerID: nil, offset: nil)) }
                    return PartitionError(partitionIndex: index, errorCode: code ?? .none)
                }
            )
        }
        do throws(StorageError) {
            try cluster.coordination.apply(changes)
        } catch {
            cluster.logger.error("offsets were not deleted", metadata: ["group": "\(name)", "error": "\(error)"])
            return context.answer(OffsetDeleteResponse(errorCode: .coordinatorNotAvailable))
        }
        return context.answer(OffsetDeleteResponse(topics: topics))
    }

    private func refusal(of request: OffsetDeleteRequest, _ context: RequestContext) -> ErrorCode? {
        do throws(TransactionRefusal) {
            if let code = context.faults?.refusal { throw TransactionRefusal(code) }
            try context.checkGroup(request.groupID, .delete, cluster)
        } catch {
            return error.code
        }
        let state = cluster.coordination
        guard let group = state.groups[request.groupID] else {
            return state.offsets.isKnown(request.groupID) ? nil : .groupIDNotFound
        }
        return group.phase == .empty || group.subscribedTopics != nil ? nil : .nonEmptyGroup
    }

    private func objection(
        to topic: String,
        _ index: Int32,
        _ subscribed: Set<String>,
        _ context: RequestContext
    ) -> ErrorCode? {
        if let code = context.faults?.error(topic: topic, partition: index) { return code }
        guard cluster.authorizer.allows(context.principal, .read, .topic, topic) else {
            return .topicAuthorizationFailed
        }
        guard cluster.topics[topic]?.partition(index) != nil else { return .unknownTopicOrPartition }
        return subscribed.contains(topic) ? .groupSubscribedToTopic : nil
    }
}
