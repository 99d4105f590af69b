// SPDX-License-Identifier: Apache-2.0
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
        return ProduceAnswers(response, topicNames: [:])
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
        let answer = answers([Answer(index: 1), refused, Answer(index: 3)]).answer(for: queue)
        #expect(answer.error == .invalidRecord && answer.baseOffset == 5 && answer.logAppendTime == 6)
        #expect(answer.logStartOffset == 7 && answer.message == "refused" && answer.recordErrors.count == 1)
    }

    @Test("a partition that is missing, or of another topic only, has no answer and is tried again")
    func missing() {
        for answers in [answers([]), answers([Answer(index: 1)]), answers([Answer(index: 2)], topic: "other")] {
            let answer = answers.answer(for: queue)
            #expect(answer.error == .networkException && answer.message?.contains("does not mention") == true)
        }
    }

    @Test("a partition that is mentioned twice has no answer either, whichever it would be")
    func twice() {
        let answers = answers([Answer(index: 2), Answer(index: 2, errorCode: .invalidRecord)])
        #expect(answers.answer(for: queue).error == .networkException)
        #expect(answers.answer(for: queue).message?.contains("twice") == true)
        #expect(answers.newLeader(of: queue) == nil)
    }

    @Test("topics are found by their ids too (Produce 13)")
    func topicIDs() {
        let id = TopicID(mostSignificant: 1, leastSignificant: 2)
        let unknown = TopicID(mostSignificant: 3, leastSignificant: 4)
        let response = ProduceResponse(responses: [
            .init(topicID: unknown, partitionResponses: [Answer(index: 2, errorCode: .invalidRecord)]),
            .init(topicID: id, partitionResponses: [Answer(index: 2, baseOffset: 8)]),
        ])
        let answer = ProduceAnswers(response, topicNames: [id: "t"]).answer(for: queue)
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
        let named = answers([answer, other], endpoints: [endpoint]).newLeader(of: queue)
        #expect(named?.leader == (isNamed ? leader : nil))
        #expect(named?.endpoint == (isNamed ? BrokerAddress(nodeID: 4, host: "h", port: 99) : nil))
        let withoutEndpoint = answers([answer]).newLeader(of: queue)
        #expect(withoutEndpoint?.leader == (isNamed ? leader : nil) && withoutEndpoint?.endpoint == nil)
    }
}
