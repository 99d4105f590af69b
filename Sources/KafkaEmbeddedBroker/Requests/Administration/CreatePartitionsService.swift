// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Answers CreatePartitions: topics get more partitions, behind those that they have.
struct CreatePartitionsService {
    let cluster: Cluster

    func serve(_ request: CreatePartitionsRequest, _ context: RequestContext) -> Answer {
        let names = request.topics.reduce(into: [:]) { counts, topic in counts[topic.name, default: 0] += 1 }
        let results = request.topics.map { wanted in
            var result = CreatePartitionsResponse.Result(name: wanted.name)
            do throws(TopicRefusal) {
                guard names[wanted.name] == 1 else { throw TopicRefusal(.invalidRequest, "Duplicate topic name.") }
                try grow(wanted, validateOnly: request.validateOnly, context)
            } catch {
                result.errorCode = error.code
                result.errorMessage = error.message
            }
            return result
        }
        return context.answer(CreatePartitionsResponse(results: results))
    }

    private func grow(
        _ wanted: CreatePartitionsRequest.Topic,
        validateOnly: Bool,
        _ context: RequestContext
    ) throws(TopicRefusal) {
        if let code = context.faults?.error(topic: wanted.name, partition: nil) {
            throw TopicRefusal(code, "a fault wants it")
        }
        guard cluster.authorizer.allows(context.principal, .alter, .topic, wanted.name) else {
            throw TopicRefusal(.topicAuthorizationFailed, "Authorization failed.")
        }
        guard let topic = cluster.topics[wanted.name] else { throw TopicRefusal(.unknownTopicOrPartition, nil) }
        let (count, present) = (Int(wanted.count), topic.partitions.count)
        guard count > present else {
            let reason =
                count == present
                ? "Topic already has \(present) partition(s)."
                : "The topic \(wanted.name) currently has \(present) partition(s); \(count) would not be an increase."
            throw TopicRefusal(.invalidPartitions, reason)
        }
        guard Partition.counts.contains(count) else {
            throw TopicRefusal(.invalidPartitions, "\(Partition.counts.upperBound) partitions are the most.")
        }
        let assignments = try assignments(wanted, of: topic, adding: count - present)
        guard !validateOnly else { return }
        do throws(EmbeddedBrokerError) {
            try cluster.addPartitions(assignments, to: topic)
        } catch {
            throw TopicRefusal(.kafkaStorageError, error.message)
        }
    }

    private func assignments(
        _ wanted: CreatePartitionsRequest.Topic,
        of topic: Topic,
        adding count: Int
    ) throws(TopicRefusal) -> [[Int32]] {
        let factor = topic.partitions.first?.replicas.count ?? 1
        guard let chosen = wanted.assignments.map({ $0.map(\.brokerIDs) }) else {
            return Array(
                cluster.assignments(partitions: topic.partitions.count + count, replicationFactor: factor).suffix(count)
            )
        }
        let nodes = Int32(1)...Int32(cluster.configuration.brokers)
        let areRight = chosen.allSatisfy { replicas in
            replicas.count == factor && Set(replicas).count == factor && replicas.allSatisfy(nodes.contains)
        }
        guard chosen.count == count, areRight else {
            throw TopicRefusal(
                .invalidReplicaAssignment,
                "\(count) partitions must be assigned, to \(factor) brokers each, of \(nodes)."
            )
        }
        return chosen
    }
}
