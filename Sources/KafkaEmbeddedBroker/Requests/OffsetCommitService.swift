// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Answers OffsetCommit: keeps offsets of a group.
struct OffsetCommitService {
    let cluster: Cluster

    /// The first version that names topics by their ids.
    private static let firstTopicIDVersion: Int16 = 10

    /// The first version in which a group that is not there is said to be so.
    private static let firstNotFoundVersion: Int16 = 9

    func serve(_ request: OffsetCommitRequest, _ context: RequestContext) -> Answer {
        let taker = OffsetTaker(cluster: cluster, context: context)
        var response = OffsetCommitResponse()
        var taken: [OffsetTaker.Wanted] = []
        var refusal: ErrorCode?
        do throws(TransactionRefusal) { try check(request, context) } catch { refusal = error.code }
        for topic in request.topics {
            let name = name(of: topic, context)
            var result = OffsetCommitResponse.Topic(name: topic.name, topicID: topic.topicID)
            for partition in topic.partitions {
                let wanted = OffsetTaker.Wanted(
                    partition: TransactionPartition(name ?? "", partition.partitionIndex),
                    offset: partition.committedOffset,
                    leaderEpoch: partition.committedLeaderEpoch,
                    metadata: partition.committedMetadata
                )
                let code = refusal ?? (name == nil ? .unknownTopicID : taker.objection(to: wanted))
                if code == nil { taken.append(wanted) }
                result.partitions.append(.init(partitionIndex: partition.partitionIndex, errorCode: code ?? .none))
            }
            response.topics.append(result)
        }
        do throws(TransactionRefusal) {
            if !taken.isEmpty { try taker.keep(taken, of: request.groupID, producerID: nil) }
        } catch {
            for topic in response.topics.indices { response.topics[topic].partitions.failOthers(error.code) }
        }
        return context.answer(response)
    }

    private func name(of topic: OffsetCommitRequest.Topic, _ context: RequestContext) -> String? {
        context.version < Self.firstTopicIDVersion ? topic.name : cluster.topic(id: topic.topicID)?.name
    }

    private func check(
        _ request: OffsetCommitRequest,
        _ context: RequestContext
    ) throws(TransactionRefusal) {
        if let code = context.faults?.refusal { throw TransactionRefusal(code) }
        try context.checkGroup(request.groupID, .read, cluster)
        let committer = ClassicGroup.Committer(
            memberID: request.memberID,
            instance: request.groupInstanceID,
            generation: request.generationID,
            isTransactional: false
        )
        do throws(GroupRefusal) {
            try cluster.coordination.checkCommit(committer, of: request.groupID)
        } catch {
            let isTold = error.code != .groupIDNotFound || context.version >= Self.firstNotFoundVersion
            throw TransactionRefusal(isTold ? error.code : .illegalGeneration)
        }
    }
}
