// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProtocol
import Testing

@testable import KafkaProducer

/// One line that says what failed, where, and what to do.
@Suite("ProducerError")
struct ProducerErrorTests {
    private let broker = BrokerAddress(nodeID: 3, host: "kafka", port: 9092)

    @Test("the place goes before the message")
    func description() {
        let message = "it failed"
        let everywhere = ProducerError(.timedOut, message: message)
        let topic = ProducerError(.timedOut, topic: "t", message: message)
        let partition = ProducerError(.timedOut, topic: "t", partition: 5, message: message)
        let atBroker = ProducerError(.timedOut, topic: "t", partition: 5, broker: broker, message: message)
        let brokerOnly = ProducerError(.timedOut, broker: broker, message: message)
        #expect(everywhere.description == "it failed")
        #expect(topic.description == "t: it failed")
        #expect(partition.description == "t-5: it failed")
        #expect(atBroker.description == "t-5 at kafka:9092 (id 3): it failed")
        #expect(brokerOnly.description == "kafka:9092 (id 3): it failed")
    }

    @Test(
        "kinds are counted under the broker's names, or ours",
        arguments: [
            (ProducerError.Code.broker(.notLeaderOrFollower), "NOT_LEADER_OR_FOLLOWER"), (.timedOut, "TIMED_OUT"),
            (.recordTooLarge, "RECORD_TOO_LARGE"), (.partitionStopped, "PARTITION_STOPPED"), (.closed, "CLOSED"),
        ]
    )
    func names(code: ProducerError.Code, name: String) {
        #expect(ProducerError(code, message: "").name == name)
    }

    @Test("a broker of bootstrap.servers has no id yet, and an IPv6 address has brackets")
    func addresses() {
        #expect(BrokerAddress(nodeID: nil, host: "kafka", port: 9092).description == "kafka:9092")
        #expect(BrokerAddress(nodeID: 1, host: "::1", port: 9092).description == "[::1]:9092 (id 1)")
    }
}
