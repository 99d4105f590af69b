// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Synchronization
import Testing

@testable import KafkaProducer

/// Leaders that move, hints about them, brokers that are replaced, and topics that are made anew.
@Suite("Leader", .timeLimit(.minutes(10)))
struct LeaderTests {
    private typealias Answer = ProduceResponse.PartitionResponse

    private static let hour = Duration.seconds(3600)

    @Test("a leader that metadata names ends the backoff of a batch (KIP-951)")
    func leaderMoved() async throws {
        let isMoved = RefusalSwitch()
        var script = BrokerScript()
        script.produce = { call in
            if call.node == 2 { return .append() }
            isMoved.isOn = true
            return .fail(.notLeaderOrFollower)
        }
        script.metadata = { _, response in
            guard isMoved.isOn else { return }
            for index in response.topics.indices {
                response.topics[index] = response.topics[index].with(leaders: [2], epoch: 1)
            }
        }
        try await withScriptedBroker(script, nodes: 2) {
            ($0.retryBackoff, $0.retryBackoffMax) = (Self.hour, Self.hour)
        } _: { broker, producer, _ in
            _ = try await producer.send(.text("a"))
            #expect(broker.calls.map(\.node) == [1, 2])
        }
    }

    @Test(
        "a hint is left aside when the error is another one, when it is no news, and when nobody knows the address",
        arguments: [
            (ErrorCode.notEnoughReplicas, Int32(2), Int32(9)), (.notLeaderOrFollower, 2, 5), (.fencedLeaderEpoch, 2, 4),
            (.notLeaderOrFollower, 77, 9), (.notLeaderOrFollower, -1, 9), (.notLeaderOrFollower, 2, -1),
        ]
    )
    func uselessHint(error: ErrorCode, leader: Int32, epoch: Int32) async throws {
        var script = BrokerScript()
        script.produce = { call in
            guard call.ordinal == 0 else { return .append() }
            var answer = Answer(index: 0, errorCode: error, baseOffset: -1)
            answer.currentLeader = LeaderAndEpoch(leaderID: leader, leaderEpoch: epoch)
            return .respond([0: answer])
        }
        script.metadata = { _, response in
            for index in response.topics.indices {
                response.topics[index] = response.topics[index].with(leaders: [1], epoch: 5)
            }
        }
        try await withScriptedBroker(script, nodes: 2) { broker, producer, _ in
            _ = try await producer.send(.text("a"))
            #expect(broker.calls.map(\.node) == [1, 1])
        }
    }

    @Test("metadata that is older than a hint does not undo it")
    func staleMetadata() async throws {
        var script = BrokerScript()
        script.produce = { call in
            guard call.node == 1 else { return .append() }
            var answer = Answer(index: 0, errorCode: .notLeaderOrFollower, baseOffset: -1)
            answer.currentLeader = LeaderAndEpoch(leaderID: 2, leaderEpoch: 1)
            return .respond([0: answer])
        }
        // Every answer names node 1 in epoch 0.
        try await withScriptedBroker(script, nodes: 2, configure: { $0.metadataMaxAge = .milliseconds(5) }) {
            broker,
            producer,
            _ in
            _ = try await producer.send(.text("a"))
            let asked = broker.metadataAsked.count
            try await broker.wait { $0.metadataAsked.count > asked + 3 }
            _ = try await producer.send(.text("b"))
            #expect(broker.calls.map(\.node) == [1, 2, 2])
        }
    }

    @Test(
        "of a topic that was made anew the new id is asked for, and its leader epochs begin anew",
        arguments: [ErrorCode.unknownTopicID, .inconsistentTopicID]
    )
    func topicMadeAnew(error: ErrorCode) async throws {
        let ids = [TopicID(mostSignificant: 1, leastSignificant: 1), TopicID(mostSignificant: 2, leastSignificant: 2)]
        let isNew = RefusalSwitch()
        var script = BrokerScript()
        script.produceVersions = 0...13
        script.produce = { call in
            let isKnown = call.batches.allSatisfy { $0.topicID == (isNew.isOn ? ids[1] : ids[0]) }
            return isKnown ? .append() : .fail(error)
        }
        script.metadata = { _, response in
            for index in response.topics.indices {
                let leader: Int32 = isNew.isOn ? 2 : 1
                response.topics[index] = response.topics[index].with(leaders: [leader], epoch: isNew.isOn ? 0 : 7)
                response.topics[index].topicID = isNew.isOn ? ids[1] : ids[0]
            }
        }
        try await withScriptedBroker(script, nodes: 2) { broker, producer, _ in
            _ = try await producer.send(.text("a"))
            isNew.isOn = true
            _ = try await producer.send(.text("b"))
            #expect(broker.calls.allSatisfy { $0.version == 13 })
            #expect(broker.log.map(\.topicID) == ids && broker.calls.last?.node == 2)
        }
    }

    @Test("when a broker is replaced under its id, what is in flight to the old one is sent to the new one, in order")
    func brokerReplaced() async throws {
        let newPort = Mutex<Int?>(nil)
        var script = BrokerScript()
        script.topics = ["t": 2]
        script.produce = { $0.ordinal < 2 ? .append() : .hold }
        script.metadata = { _, response in
            guard let port = newPort.withLock({ $0 }) else { return }
            response.brokers[0].port = Int32(port)
        }
        // Metadata is asked for at the broker that has nothing in flight.
        try await withVirtualBroker(script, nodes: 2) {
            ($0.metadataMaxAge, $0.batchSize) = (.milliseconds(5), 0)
        } _: { broker, producer, observer, network in
            let successor = ScriptedBroker.start(BrokerScript(), nodes: 1, on: network, firstPort: 100)
            let values = (0..<4).map { "\($0)" + String(repeating: "x", count: 30) }
            for partition in Int32(0)..<2 { _ = try await producer.send(.text("first", partition: partition)) }
            for value in values { try await producer.enqueue(.text(value, partition: 0)) }
            try await broker.wait(forHeld: 4)
            newPort.withLock { $0 = successor.ports[0] }
            #expect(await network.advance { successor.values().count == 4 })
            try await producer.flush()
            #expect(successor.values() == values)
            #expect(observer.reports.map(\.values) == [["first"], ["first"]] + values.map { [$0] })
            // It was the news of the move that ended the connection, and nothing else.
            #expect(!observer.events.contains { if case .brokerDisconnected = $0 { true } else { false } })
        }
    }

    @Test("a port that none can have does no harm", arguments: [Int32(70_000), -1, 0, .max, .min])
    func impossiblePort(port: Int32) async throws {
        var script = BrokerScript()
        script.metadata = { ordinal, response in
            guard ordinal < 2 else { return }
            response.brokers = [MetadataResponse.Broker(nodeID: 1, host: "127.0.0.1", port: port)]
        }
        try await withScriptedBroker(script) { broker, producer, _ in
            _ = try await producer.send(.text("a"))
            #expect(broker.values() == ["a"])
        }
    }
}
