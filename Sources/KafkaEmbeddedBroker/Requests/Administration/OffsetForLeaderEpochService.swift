// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Answers OffsetForLeaderEpoch: where the records of a leader's epoch end, by which clients find out whether what they have read
/// was lost (KIP-320).
struct OffsetForLeaderEpochService {
    let cluster: Cluster

    func serve(_ request: OffsetForLeaderEpochRequest, _ context: RequestContext) -> Answer {
        let topics = request.topics.map { topic in
            OffsetForLeaderEpochResponse.TopicResult(
                topic: topic.topic,
                partitions: topic.partitions.map { wanted in
                    var result = OffsetForLeaderEpochResponse.EpochEndOffset(
                        partition: wanted.partition,
                        leaderEpoch: -1,
                        endOffset: -1
                    )
                    do throws(TopicRefusal) {
                        let end = try end(wanted, of: topic.topic, context)
                        (result.leaderEpoch, result.endOffset) = end
                    } catch {
                        result.errorCode = error.code
                    }
                    return result
                }
            )
        }
        return context.answer(OffsetForLeaderEpochResponse(topics: topics))
    }

    private func end(
        _ wanted: OffsetForLeaderEpochRequest.Partition,
        of topic: String,
        _ context: RequestContext
    ) throws(TopicRefusal) -> (epoch: Int32, endOffset: Int64) {
        if let code = context.faults?.error(topic: topic, partition: wanted.partition) { throw TopicRefusal(code, nil) }
        guard cluster.authorizer.allows(context.principal, .describe, .topic, topic) else {
            throw TopicRefusal(.topicAuthorizationFailed, nil)
        }
        guard let partition = cluster.topics[topic]?.partition(wanted.partition) else {
            throw TopicRefusal(.unknownTopicOrPartition, nil)
        }
        let objection = partition.objection(toReadingFrom: context.nodeID, leaderEpoch: wanted.currentLeaderEpoch)
        if let objection { throw TopicRefusal(objection, nil) }
        return partition.epochs.end(of: wanted.leaderEpoch, logEndOffset: partition.log.logEndOffset)
    }
}
