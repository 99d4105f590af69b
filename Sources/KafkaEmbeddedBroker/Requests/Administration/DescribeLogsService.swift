// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Answers DescribeLogDirs and DescribeProducers: what the logs of a broker hold.
struct DescribeLogsService {
    let cluster: Cluster

    /// What stands for the folder of logs that are in memory.
    private static let memory = "/memory"

    /// A broker has the folder of all partitions that have one replica, and that of its own copies of the others.
    func serve(_ request: DescribeLogDirsRequest, _ context: RequestContext) -> Answer {
        guard cluster.authorizer.allows(context.principal, .describe, .cluster) else {
            return context.answer(DescribeLogDirsResponse(errorCode: .clusterAuthorizationFailed))
        }
        let path = cluster.configuration.dataDirectory
        var shared = DescribeLogDirsResponse.LogDir(logDir: path ?? Self.memory)
        var own = DescribeLogDirsResponse.LogDir(logDir: cluster.directory?.folder(of: context.nodeID) ?? Self.memory)
        let wanted = request.topics.map { topics in
            Dictionary(topics.map { ($0.topic, Set($0.partitions)) }) { $0.union($1) }
        }
        for topic in cluster.topics.values.sorted(by: { $0.name < $1.name }) {
            let partitions = topic.partitions.filter { partition in
                partition.replicas.contains(context.nodeID)
                    && wanted.map { $0[topic.name]?.contains(partition.index) ?? false } ?? true
            }
            add(partitions.filter { $0.replicaSet == nil }, of: topic, to: &shared, context)
            if path == nil {
                add(partitions.filter { $0.replicaSet != nil }, of: topic, to: &shared, context)
            } else {
                add(partitions.filter { $0.replicaSet != nil }, of: topic, to: &own, context)
            }
        }
        return context.answer(DescribeLogDirsResponse(results: own.topics.isEmpty ? [shared] : [shared, own]))
    }

    private func add(
        _ partitions: [Partition],
        of topic: Topic,
        to directory: inout DescribeLogDirsResponse.LogDir,
        _ context: RequestContext
    ) {
        guard !partitions.isEmpty else { return }
        let described = partitions.map { partition in
            let size = partition.log(on: context.nodeID)?.size ?? 0
            return DescribeLogDirsResponse.Partition(partitionIndex: partition.index, partitionSize: Int64(size))
        }
        if let last = directory.topics.last, last.name == topic.name {
            directory.topics[directory.topics.count - 1].partitions += described
        } else {
            directory.topics.append(.init(name: topic.name, partitions: described))
        }
    }

    func serve(_ request: DescribeProducersRequest, _ context: RequestContext) -> Answer {
        let topics = request.topics.map { topic in
            DescribeProducersResponse.TopicResult(
                name: topic.name,
                partitions: topic.partitionIndexes.map { index in
                    var result = DescribeProducersResponse.Partition(partitionIndex: index)
                    do throws(TopicRefusal) {
                        result.activeProducers = try producers(topic.name, index, context)
                    } catch {
                        result.errorCode = error.code
                        result.errorMessage = error.message
                    }
                    return result
                }
            )
        }
        return context.answer(DescribeProducersResponse(topics: topics))
    }

    private func producers(
        _ name: String,
        _ index: Int32,
        _ context: RequestContext
    ) throws(TopicRefusal) -> [DescribeProducersResponse.Producer] {
        if let code = context.faults?.error(topic: name, partition: index) { throw TopicRefusal(code, nil) }
        guard cluster.authorizer.allows(context.principal, .read, .topic, name) else {
            throw TopicRefusal(.topicAuthorizationFailed, nil)
        }
        guard let partition = cluster.topics[name]?.partition(index) else {
            throw TopicRefusal(.unknownTopicOrPartition, nil)
        }
        guard partition.leader == context.nodeID else { throw TopicRefusal(.notLeaderOrFollower, nil) }
        let log = partition.log
        return log.producers.known.map { known in
            .init(
                producerID: known.producerID,
                producerEpoch: Int32(known.epoch),
                lastSequence: known.lastSequence,
                lastTimestamp: known.timestamp,
                coordinatorEpoch: -1,
                currentTransactionStartOffset: log.transactions.firstOffset(of: known.producerID) ?? -1
            )
        }
    }
}
