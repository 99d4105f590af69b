// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProtocol

/// A produce response by the batches that it answers, with a leader for each that it names one for.
struct ProduceAnswers {
    private typealias Answer = ProduceResponse.PartitionResponse

    private struct Key: Hashable {
        let topic: String
        let partition: Int32
    }

    /// Where the answers are.
    private enum Arrangement {
        /// One for each batch, in the order of the request, as brokers send them.
        case asAsked([Answer])
        /// Any other.
        case byPartition([Key: Answer], mentionedTwice: Set<Key>)
    }

    private let queues: [PartitionQueue]
    private let arrangement: Arrangement
    private let endpoints: [NodeEndpoint]

    /// - Parameters:
    ///   - response: what the broker sent.
    ///   - queues: the queues of the batches in the request, in its order, each once.
    ///   - topicNames: names by id, for versions that name topics by id alone.
    init(_ response: ProduceResponse, to queues: [PartitionQueue], topicNames: [TopicID: String]) {
        self.queues = queues
        endpoints = response.nodeEndpoints
        func name(_ topic: ProduceResponse.TopicResponse) -> String {
            topic.topicID == .zero ? topic.name : topicNames[topic.topicID] ?? topic.name
        }
        if response.responses.count == 1, let topic = response.responses.first {
            let (answers, name) = (topic.partitionResponses, name(topic))
            let isAsAsked = answers.elementsEqual(queues) { $0.index == $1.partition && name == $1.topic }
            if isAsAsked {
                arrangement = .asAsked(answers)
                return
            }
        }
        var answers: [Key: Answer] = [:]
        var mentionedTwice: Set<Key> = []
        for topic in response.responses {
            let name = name(topic)
            for partition in topic.partitionResponses {
                let key = Key(topic: name, partition: partition.index)
                if answers.updateValue(partition, forKey: key) != nil { mentionedTwice.insert(key) }
            }
        }
        arrangement = .byPartition(answers, mentionedTwice: mentionedTwice)
    }

    /// The answer for the batch at this place in the request. A response that lacks its partition, or mentions it twice, is
    /// as good as none: the batch is tried again.
    func answer(at place: Int) -> BatchAnswer {
        if let answer = trusted(place) { return BatchAnswer(answer) }
        return BatchAnswer(
            error: .networkException,
            message:
                "the response \(isMentioned(place) ? "mentions the partition twice" : "does not mention the partition")"
        )
    }

    /// The leader that the response names for the partition at this place because it has another one than the request went
    /// to (KIP-951).
    func newLeader(at place: Int) -> (leader: LeaderAndEpoch, endpoint: BrokerAddress?)? {
        guard let answer = trusted(place),
            answer.errorCode == .notLeaderOrFollower || answer.errorCode == .fencedLeaderEpoch
        else { return nil }
        let leader = answer.currentLeader
        let endpoint = endpoints.first { $0.nodeID == leader.leaderID }
        return (leader, endpoint.map { BrokerAddress(nodeID: $0.nodeID, host: $0.host, port: Int($0.port)) })
    }

    private func trusted(_ place: Int) -> Answer? {
        switch arrangement {
        case .asAsked(let answers): answers[place]
        case .byPartition(let answers, let mentionedTwice):
            mentionedTwice.contains(key(place)) ? nil : answers[key(place)]
        }
    }

    private func isMentioned(_ place: Int) -> Bool {
        switch arrangement {
        case .asAsked: true
        case .byPartition(let answers, _): answers[key(place)] != nil
        }
    }

    private func key(_ place: Int) -> Key { Key(topic: queues[place].topic, partition: queues[place].partition) }
}
