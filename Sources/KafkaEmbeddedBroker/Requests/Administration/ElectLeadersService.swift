// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Answers ElectLeaders: the first replica of a partition leads again if it is in sync, or any that runs where none leads; and
/// ListPartitionReassignments: nothing moves by itself here.
struct ElectLeadersService {
    let cluster: Cluster

    private enum Election: Int8 {
        case preferred = 0
        case unclean = 1
    }

    func serve(_ request: ElectLeadersRequest, _ context: RequestContext) -> Answer {
        guard cluster.authorizer.allows(context.principal, .alter, .cluster) else {
            return context.answer(ElectLeadersResponse(errorCode: .clusterAuthorizationFailed))
        }
        guard let election = Election(rawValue: request.electionType) else {
            return context.answer(ElectLeadersResponse(errorCode: .invalidRequest))
        }
        let wanted =
            request.topicPartitions
            ?? cluster.topics.values.map { topic in
                .init(topic: topic.name, partitions: topic.partitions.map(\.index))
            }
        let results = wanted.sorted { $0.topic < $1.topic }.compactMap { topic -> ElectLeadersResponse.Topic? in
            var partitions = topic.partitions.map { index in
                var result = ElectLeadersResponse.Partition(partitionID: index)
                (result.errorCode, result.errorMessage) = elect(election, topic.topic, index) ?? (.none, nil)
                return result
            }
            // Who asks for all wants to know of those that changed.
            if request.topicPartitions == nil { partitions.removeAll { $0.errorCode == .electionNotNeeded } }
            return partitions.isEmpty && request.topicPartitions == nil
                ? nil : .init(topic: topic.topic, partitionResult: partitions)
        }
        return context.answer(ElectLeadersResponse(replicaElectionResults: results))
    }

    private func elect(_ election: Election, _ name: String, _ index: Int32) -> (ErrorCode, String?)? {
        guard let topic = cluster.topics[name], let partition = topic.partition(index) else {
            return (.unknownTopicOrPartition, "No such topic or partition.")
        }
        switch election {
        case .preferred:
            guard partition.leader != partition.replicas.first else { return (.electionNotNeeded, nil) }
            guard cluster.electPreferred(partition) else {
                return (.preferredLeaderNotAvailable, "The preferred replica does not run, or is not in sync.")
            }
        case .unclean:
            guard partition.leader == Partition.noLeader else { return (.electionNotNeeded, nil) }
            guard cluster.electUnclean(partition, in: topic) else {
                return (.eligibleLeadersNotAvailable, "No replica runs.")
            }
        }
        return nil
    }

    func serve(_ request: ListPartitionReassignmentsRequest, _ context: RequestContext) -> Answer {
        let isAllowed = cluster.authorizer.allows(context.principal, .describe, .cluster)
        let code: ErrorCode = isAllowed ? .none : .clusterAuthorizationFailed
        return context.answer(ListPartitionReassignmentsResponse(errorCode: code))
    }
}
