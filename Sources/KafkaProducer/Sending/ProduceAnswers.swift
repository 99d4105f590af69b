// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// A produce response by the partitions that it mentions, with a leader for each that it names one for.
struct ProduceAnswers {
    private struct Key: Hashable {
        let topic: String
        let partition: Int32
    }

    private var answers: [Key: ProduceResponse.PartitionResponse] = [:]
    private var mentionedTwice: Set<Key> = []
    private let endpoints: [NodeEndpoint]

    /// - Parameters:
    ///   - response: what the broker sent.
    ///   - topicNames: names by id, for versions that tell topics by id alone.
    init(_ response: ProduceResponse, topicNames: [TopicID: String]) {
        endpoints = response.nodeEndpoints
        for topic in response.responses {
            let name = topic.topicID == .zero ? topic.name : topicNames[topic.topicID] ?? topic.name
            for partition in topic.partitionResponses {
                let key = Key(topic: name, partition: partition.index)
                if answers.updateValue(partition, forKey: key) != nil { mentionedTwice.insert(key) }
            }
        }
    }

    /// The answer for one batch. A response that lacks its partition, or mentions it twice, is as good as none: the batch
    /// is tried again.
    func answer(for queue: PartitionQueue) -> BatchAnswer {
        guard let answer = trusted(queue) else {
            let isMentioned = answers[Key(topic: queue.topic, partition: queue.partition)] != nil
            return BatchAnswer(
                error: .networkException,
                message:
                    "the response \(isMentioned ? "mentions the partition twice" : "does not mention the partition")"
            )
        }
        return BatchAnswer(answer)
    }

    /// The leader that the response names for a partition because it has another one than the request went to (KIP-951).
    func newLeader(of queue: PartitionQueue) -> (leader: LeaderAndEpoch, endpoint: BrokerAddress?)? {
        guard let answer = trusted(queue),
            answer.errorCode == .notLeaderOrFollower || answer.errorCode == .fencedLeaderEpoch
        else { return nil }
        let leader = answer.currentLeader
        let endpoint = endpoints.first { $0.nodeID == leader.leaderID }
        return (leader, endpoint.map { BrokerAddress(nodeID: $0.nodeID, host: $0.host, port: Int($0.port)) })
    }

    private func trusted(_ queue: PartitionQueue) -> ProduceResponse.PartitionResponse? {
        let key = Key(topic: queue.topic, partition: queue.partition)
        return mentionedTwice.contains(key) ? nil : answers[key]
    }
}
