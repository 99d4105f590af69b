// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import Testing

@testable import KafkaProducer

/// What a person reads of a wait.
@Suite("StallReason")
struct StallReasonTests {
    private let broker = BrokerAddress(nodeID: 1, host: "a", port: 9)

    @Test("a partition that is waited for is named, and those that there are", arguments: [(3, "0 to 2"), (1, "0")])
    func partition(count: Int, range: String) {
        let reason = StallReason.partitionUnknown(topic: "t", partition: 99, partitionCount: count)
        #expect(reason.description == "partition 99 of topic t, which has \(count) (\(range))")
    }

    @Test(
        "requests with records are counted, and questions are not among them",
        arguments: [(0, "a question of the producer"), (1, "1 request"), (5, "5 requests")]
    )
    func answers(requests: Int, text: String) {
        let reason = StallReason.answer(broker, requests: requests)
        #expect(reason.description == "no answer from broker a:9 (id 1) to \(text)")
    }
}
