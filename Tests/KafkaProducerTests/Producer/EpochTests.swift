// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import KafkaRecords
import NIOCore
import NIOPosix
import Testing

@testable import KafkaProducer

/// New epochs and ids while batches are on their way, and batches that are given up among others.
@Suite("Epoch", .timeLimit(.minutes(10)))
struct EpochTests {
    /// Values of which each fills a batch by itself when `batch.size` is 0.
    private let values = ["a", "b", "c"].map { String(repeating: $0, count: 30) }

    /// What the broker was sent for a partition: id, epoch and first sequence of each batch.
    private func sent(_ broker: ScriptedBroker, _ partition: Int32 = 0) -> [BatchSequence] {
        broker.calls.flatMap(\.batches).filter { $0.partition == partition }.map(\.header).map { header in
            BatchSequence(
                producerID: header.producerID,
                producerEpoch: header.producerEpoch,
                baseSequence: header.baseSequence
            )
        }
    }

    private func sequence(_ epoch: Int16, _ base: Int32, id: Int64 = 1000) -> BatchSequence {
        BatchSequence(producerID: id, producerEpoch: epoch, baseSequence: base)
    }

    @Test(
        "a partition with batches in flight keeps its epoch, or id, while another one's sequences begin again",
        arguments: [Int16(0), .max]
    )
    func otherPartitions(epoch: Int16) async throws {
        var script = BrokerScript()
        script.topics = ["t": 2]
        script.identity = { InitProducerIDResponse(producerID: 1000 + Int64($0), producerEpoch: $0 == 0 ? epoch : 0) }
        script.produce = { call in
            if call.values == ["held"] { return .hold }
            return call.values == ["gap"] && call.batches[0].header.producerEpoch == epoch
                ? .fail(.outOfOrderSequenceNumber) : .append()
        }
        try await withScriptedBroker(script, nodes: 2, configure: { $0.batchSize = 0 }) { broker, producer, _ in
            _ = try await producer.send(.text("before", partition: 1))
            try await producer.enqueue(.text("held", partition: 1))
            try await broker.wait(forHeld: 1)
            _ = try await producer.send(.text("first", partition: 0))
            _ = try await producer.send(.text("gap", partition: 0))
            try await producer.enqueue(.text("after", partition: 1))
            _ = try await producer.send(.text("more", partition: 0))
            // What follows in that partition waits for what it has in flight.
            #expect(sent(broker, 1) == [sequence(epoch, 0), sequence(epoch, 1)])
            broker.answerHeld()
            try await producer.flush()
            let next = epoch == .max ? sequence(0, 0, id: 1001) : sequence(1, 0)
            #expect(sent(broker, 1) == [sequence(epoch, 0), sequence(epoch, 1), next])
            #expect(sent(broker, 0).suffix(2).first == next)
            #expect(broker.values(1) == ["before", "held", "after"])
            #expect(broker.values(0) == ["first", "gap", "more"])
        }
    }

    @Test(
        "the first batch of a producer is stored before the next is sent: a broker without an entry takes any sequence"
    )
    func firstBatchAlone() async throws {
        var script = BrokerScript.steps([.fail(.notEnoughReplicas), .close, .appendAndClose])
        script.checksSequences = true
        try await withScriptedBroker(script, configure: { $0.batchSize = 0 }) { broker, producer, _ in
            for value in values { try await producer.enqueue(.text(value)) }
            try await producer.flush()
            #expect(broker.values() == values)
            #expect(broker.calls.prefix(3).map(\.values) == Array(repeating: [values[0]], count: 3))
            #expect(broker.log.map(\.header.producerEpoch) == [0, 0, 0])
        }
    }

    @Test("a batch that may be stored keeps its number when the one before it fails, so that it is not stored twice")
    func mayBeStored() async throws {
        let refusal = ProduceResponse(responses: [
            .init(
                name: "t",
                partitionResponses: [.init(index: 0, errorCode: .topicAuthorizationFailed, baseOffset: -1)]
            )
        ])
        var script = BrokerScript.steps([.append(), .hold, .hold, .answer(refusal)])
        script.checksSequences = true
        try await withScriptedBroker(script, configure: { $0.batchSize = 0 }) { broker, producer, observer in
            _ = try await producer.send(.text("first"))
            for value in values.prefix(2) { try await producer.enqueue(.text(value)) }
            try await broker.wait(forHeld: 2)
            // Both are stored, and both answers are lost; then the first of them is refused for good.
            broker.answerHeld(.appendAndClose)
            try await producer.flush()
            _ = try await producer.send(.text(values[2]))
            #expect(broker.values() == ["first"] + values)
            #expect(observer.reports.map(\.values) == [["first"]] + values.map { [$0] })
            #expect(
                observer.reports.flatMap(\.errors).map { $0?.code } == [
                    nil, .broker(.topicAuthorizationFailed), nil, nil,
                ]
            )
        }
    }

    @Test("what was in flight behind a batch that failed is sent again without waiting: the new epoch closes the gap")
    func gapWithoutBackoff() async throws {
        var script = BrokerScript.steps([.append(), .hold, .hold, .hold])
        script.checksSequences = true
        // No wait of this length would end within the time limit.
        try await withScriptedBroker(script) {
            ($0.batchSize, $0.retryBackoff, $0.retryBackoffMax) = (0, .seconds(3600), .seconds(3600))
            ($0.deliveryTimeout, $0.maxBlock) = (.seconds(7200), .seconds(60))
        } _: { broker, producer, observer in
            _ = try await producer.send(.text("first"))
            for value in values { try await producer.enqueue(.text(value)) }
            try await broker.wait(forHeld: 3)
            broker.answerHeld(.fail(.invalidRecord), first: 1)
            broker.answerHeld()
            try await producer.flush()
            #expect(broker.values() == ["first"] + values.suffix(2))
            #expect(broker.log.map(\.header.producerEpoch) == [0, 1, 1])
            #expect(observer.reports.flatMap(\.errors).map { $0?.code } == [nil, .broker(.invalidRecord), nil, nil])
        }
    }

    @Test("when retries are used up, what comes behind goes on, in a new epoch if there is a gap")
    func retriesUsedUp() async throws {
        var script = BrokerScript()
        script.checksSequences = true
        script.produce = { [values] call in
            call.values == [values[0]] ? .fail(.notEnoughReplicas) : .append()
        }
        try await withScriptedBroker(script, configure: { ($0.batchSize, $0.retries) = (0, 3) }) {
            broker,
            producer,
            observer in
            _ = try await producer.send(.text("first"))
            for value in values { try await producer.enqueue(.text(value)) }
            try await producer.flush()
            #expect(broker.values() == ["first"] + values.suffix(2))
            #expect(
                observer.reports.flatMap(\.errors).map { $0?.code } == [
                    nil, .broker(.notEnoughReplicas), nil, nil,
                ]
            )
        }
    }

    @Test("a batch that fails while it waits for another try leaves no gap that stops those behind it")
    func failsInQueue() async throws {
        let isRefused = RefusalSwitch()
        var script = BrokerScript()
        script.produce = { $0.values == ["b"] ? .fail(.notLeaderOrFollower) : .append() }
        script.checksSequences = true
        script.metadata = { _, response in
            guard isRefused.isOn else { return }
            for index in response.topics.indices {
                response.topics[index].errorCode = .topicAuthorizationFailed
                response.topics[index].partitions = []
            }
        }
        try await withScriptedBroker(script) { broker, producer, _ in
            _ = try await producer.send(.text("a"))
            isRefused.isOn = true
            let error = await producerError { _ = try await producer.send(.text("b")) }
            #expect(error?.code == .broker(.topicAuthorizationFailed))
            isRefused.isOn = false
            while await producerError({ _ = try await producer.send(.text("c")) }) != nil {}
            #expect(broker.values() == ["a", "c"])
            #expect(broker.log.map(\.header.producerEpoch) == [0, 1])
        }
    }

    @Test("an epoch that the broker finds too old fails the batch, and the next ones begin a new one")
    func oldEpoch() async throws {
        for code in [ErrorCode.invalidProducerEpoch, .producerFenced] {
            try await withScriptedBroker(.steps([.append(), .fail(code)])) { broker, producer, _ in
                _ = try await producer.send(.text("a"))
                let error = await producerError { _ = try await producer.send(.text("b")) }
                #expect(error?.code == .broker(code))
                _ = try await producer.send(.text("c"))
                #expect(broker.values() == ["a", "c"] && broker.log.map(\.header.producerEpoch) == [0, 1])
            }
        }
    }

    @Test("sequences begin again at 0 after 2^31 - 1, over the wire too")
    func wraps() async throws {
        var script = BrokerScript.steps([.append(), .append(), .fail(.notEnoughReplicas), .appendAndClose])
        script.checksSequences = true
        let broker = try await ScriptedBroker.start(script, nodes: 1)
        defer { broker.stop() }
        var configuration = ProducerConfiguration.test(ports: broker.ports)
        configuration.batchSize = 0
        // A producer that has sent 2^31 - 3 records to the partition.
        let sequences = PartitionSequences(
            producerID: 1000,
            producerEpoch: 0,
            next: .max - 2,
            lastAcked: .max - 3
        )
        let sender = try await TestSender(configuration, sequences: sequences)
        for index in 0..<8 { sender.append("\(index)" + values[0]) }
        try await sender.observer.wait(forReports: 8)
        #expect(broker.values() == (0..<8).map { "\($0)" + values[0] })
        #expect(broker.log.map(\.header.baseSequence) == [.max - 2, .max - 1, .max, 0, 1, 2, 3, 4])
        #expect(broker.log.allSatisfy { $0.header.producerEpoch == 0 && $0.header.producerID == 1000 })
        try await sender.close()
    }
}
