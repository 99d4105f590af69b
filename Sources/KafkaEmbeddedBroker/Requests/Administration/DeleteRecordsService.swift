// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Logging

/// Answers DeleteRecords: logs begin later than they did.
struct DeleteRecordsService {
    let cluster: Cluster

    /// What stands for the high watermark.
    private static let everything: Int64 = -1

    func serve(_ request: DeleteRecordsRequest, _ context: RequestContext) -> Answer {
        var topics = request.topics.map { topic in
            DeleteRecordsResponse.TopicResult(
                name: topic.name,
                partitions: topic.partitions.map { wanted in
                    var result = DeleteRecordsResponse.PartitionResult(
                        partitionIndex: wanted.partitionIndex,
                        lowWatermark: -1
                    )
                    do throws(TopicRefusal) {
                        result.lowWatermark = try delete(wanted, of: topic.name, context)
                    } catch {
                        result.errorCode = error.code
                    }
                    return result
                }
            )
        }
        keepLogStarts(&topics)
        return context.answer(DeleteRecordsResponse(topics: topics))
    }

    /// Writes down where logs begin now, once for all of them.
    private func keepLogStarts(_ topics: inout [DeleteRecordsResponse.TopicResult]) {
        guard topics.contains(where: { $0.partitions.contains { $0.errorCode == .none } }) else { return }
        do throws(StorageError) {
            try cluster.keepLogStarts()
        } catch {
            cluster.logger.error("where logs begin was not written", metadata: ["error": "\(error)"])
            for topic in topics.indices {
                for partition in topics[topic].partitions.indices
                where topics[topic].partitions[partition].errorCode == .none {
                    topics[topic].partitions[partition].errorCode = .kafkaStorageError
                    topics[topic].partitions[partition].lowWatermark = -1
                }
            }
        }
    }

    private func delete(
        _ wanted: DeleteRecordsRequest.Partition,
        of name: String,
        _ context: RequestContext
    ) throws(TopicRefusal) -> Int64 {
        if let code = context.faults?.error(topic: name, partition: wanted.partitionIndex) {
            throw TopicRefusal(code, nil)
        }
        guard cluster.authorizer.allows(context.principal, .delete, .topic, name) else {
            throw TopicRefusal(.topicAuthorizationFailed, nil)
        }
        guard let topic = cluster.topics[name], let partition = topic.partition(wanted.partitionIndex) else {
            throw TopicRefusal(.unknownTopicOrPartition, nil)
        }
        guard partition.leader == context.nodeID else { throw TopicRefusal(.notLeaderOrFollower, nil) }
        guard topic.logSettings.deletes else { throw TopicRefusal(.policyViolation, nil) }
        let log = partition.log
        let offset = wanted.offset == Self.everything ? log.highWatermark : wanted.offset
        guard offset >= 0, offset <= log.highWatermark else { throw TopicRefusal(.offsetOutOfRange, nil) }
        do throws(StorageError) {
            try cluster.deleteRecords(before: offset, of: partition, in: topic)
        } catch {
            cluster.logger.error("records were not deleted", metadata: ["error": "\(error)"])
            throw TopicRefusal(.kafkaStorageError, nil)
        }
        return log.logStartOffset
    }
}
