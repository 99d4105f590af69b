// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProtocol
import Testing

@testable import KafkaProducer

/// Produce responses, whole, with holes, and with things that nobody asked for.
@Suite("ProduceAnswers")
struct ProduceAnswersTests {
    private typealias Answer = ProduceResponse.PartitionResponse

    private let queue = PartitionQueue.test(topic: "t", partition: 2)

    private func answers(_ partitions: [Answer], topic: String = "t", endpoints: [NodeEndpoint] = []) -> ProduceAnswers
    {
        let response = ProduceResponse(
            responses: [.init(name: topic, partitionResponses: partitions)],
            nodeEndpoints: endpoints
        )
        return ProduceAnswers(response, to: [queue], topicNames: [:])
    }

    @Test("each partition has its own answer, with all that the broker says")
    func found() {
        let refused = Answer(
            index: 2,
            errorCode: .invalidRecord,
            baseOffset: 5,
            logAppendTimeMs: 6,
            logStartOffset: 7,
            recordErrors: [.init(batchIndex: 1, batchIndexErrorMessage: "bad")],
            errorMessage: "refused"
        )
        let answer = answers([Answer(index: 1), refused, Answer(index: 3)]).answer(at: 0)
        #expect(answer.error == .invalidRecord && answer.baseOffset == 5 && answer.logAppendTime == 6)
        #expect(answer.logStartOffset == 7 && answer.message == "refused" && answer.recordErrors.count == 1)
    }

    @Test("answers are found in whatever order they come, and over several topics")
    func anyOrder() {
        let queues = [("a", 0), ("a", 1), ("b", 0)].map { PartitionQueue.test(topic: $0, partition: $1) }
        let ofA = [Answer(index: 0, baseOffset: 10), Answer(index: 1, baseOffset: 11)]
        let ofB = [Answer(index: 0, baseOffset: 12)]
        let arrangements: [[(String, [Answer])]] = [
            [("a", ofA), ("b", ofB)], [("b", ofB), ("a", ofA.reversed())],
            [("a", [ofA[1]]), ("b", ofB), ("a", [ofA[0]])],
        ]
        for topics in arrangements {
            let response = ProduceResponse(responses: topics.map { .init(name: $0, partitionResponses: $1) })
            let answers = ProduceAnswers(response, to: queues, topicNames: [:])
            #expect((0..<3).map { answers.answer(at: $0).baseOffset } == [10, 11, 12])
        }
        let response = ProduceResponse(responses: [.init(name: "a", partitionResponses: ofA)])
        for order in [[0, 1], [1, 0]] {
            let answers = ProduceAnswers(response, to: order.map { queues[$0] }, topicNames: [:])
            #expect((0..<2).map { answers.answer(at: $0).baseOffset } == order.map { Int64(10 + $0) })
        }
        // In the order of the request, but of another topic.
        let others = ProduceAnswers(
            response,
            to: [PartitionQueue.test(topic: "c", partition: 0), queues[2]],
            topicNames: [:]
        )
        #expect(others.answer(at: 0).error == .networkException && others.answer(at: 1).error == .networkException)
    }

    @Test("a partition that is missing, or of another topic only, has no answer and is tried again")
    func missing() {
        for answers in [answers([]), answers([Answer(index: 1)]), answers([Answer(index: 2)], topic: "other")] {
            let answer = answers.answer(at: 0)
            #expect(answer.error == .networkException && answer.message?.contains("does not mention") == true)
        }
    }

    @Test("a partition that is mentioned twice has no answer either, whichever it would be")
    func twice() {
        let answers = answers([Answer(index: 2), Answer(index: 2, errorCode: .invalidRecord)])
        #expect(answers.answer(at: 0).error == .networkException)
        #expect(answers.answer(at: 0).message?.contains("twice") == true)
        #expect(answers.newLeader(at: 0) == nil)
    }

    @Test("topics are found by their ids too (Produce 13)")
    func topicIDs() {
        let id = TopicID(mostSignificant: 1, leastSignificant: 2)
        let unknown = TopicID(mostSignificant: 3, leastSignificant: 4)
        let response = ProduceResponse(responses: [
            .init(topicID: unknown, partitionResponses: [Answer(index: 2, errorCode: .invalidRecord)]),
            .init(topicID: id, partitionResponses: [Answer(index: 2, baseOffset: 8)]),
        ])
        let answer = ProduceAnswers(response, to: [queue], topicNames: [id: "t"]).answer(at: 0)
        #expect(answer.error == .none && answer.baseOffset == 8)
    }

    @Test(
        "another leader is named with the two errors that are about leaders, and no other (KIP-951)",
        arguments: [(ErrorCode.notLeaderOrFollower, true), (.fencedLeaderEpoch, true), (.none, false)]
            + [(.unknownTopicOrPartition, false), (.notEnoughReplicas, false), (.leaderNotAvailable, false)]
    )
    func leaders(error: ErrorCode, isNamed: Bool) {
        let leader = LeaderAndEpoch(leaderID: 4, leaderEpoch: 9)
        let endpoint = NodeEndpoint(nodeID: 4, host: "h", port: 99)
        let answer = Answer(index: 2, errorCode: error, currentLeader: leader)
        let other = Answer(index: 1, errorCode: .notLeaderOrFollower, currentLeader: leader)
        let named = answers([answer, other], endpoints: [endpoint]).newLeader(at: 0)
        #expect(named?.leader == (isNamed ? leader : nil))
        #expect(named?.endpoint == (isNamed ? BrokerAddress(nodeID: 4, host: "h", port: 99) : nil))
        let withoutEndpoint = answers([answer]).newLeader(at: 0)
        #expect(withoutEndpoint?.leader == (isNamed ? leader : nil) && withoutEndpoint?.endpoint == nil)
    }
}
