// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import KafkaRecords
import NIOCore
import Testing

@testable import KafkaProducer

/// What goes into a request, and when.
@Suite("Drain", .timeLimit(.minutes(10)))
struct DrainTests {
    private let value = String(repeating: "x", count: 100)

    @Test("one request takes a batch of every partition that its broker leads")
    func piggyback() async throws {
        var script = BrokerScript()
        script.topics = ["t": 4]
        try await withScriptedBroker(script, nodes: 2, configure: { $0.linger = .seconds(3600) }) {
            broker,
            producer,
            _ in
            for partition in Int32(0)..<4 { try await producer.enqueue(.text("\(partition)", partition: partition)) }
            try await producer.flush()
            #expect(broker.calls.count == 2)
            for call in broker.calls {
                #expect(call.batches.map(\.partition).sorted() == (call.node == 1 ? [0, 2] : [1, 3]))
            }
        }
    }

    @Test("a batch that still lingers rides along with one of another partition that is full")
    func ridesAlong() async throws {
        var script = BrokerScript()
        script.topics = ["t": 2]
        try await withScriptedBroker(script) {
            ($0.linger, $0.batchSize) = (.seconds(3600), 300)
        } _: { broker, producer, _ in
            try await producer.enqueue(.text("lingers", partition: 1))
            for _ in 0..<3 { try await producer.enqueue(.text(value, partition: 0)) }
            try await broker.wait(forCalls: 1)
            #expect(broker.calls[0].batches.map(\.partition).sorted() == [0, 1])
        }
    }

    @Test("a batch that still lingers is not sent right behind a full one of its own partition")
    func goesOnLingering() async throws {
        try await withScriptedBroker(configure: { ($0.linger, $0.batchSize) = (.seconds(3600), 300) }) {
            broker,
            producer,
            _ in
            for _ in 0..<3 { try await producer.enqueue(.text(value)) }
            try await broker.wait(forCalls: 1)
            try await producer.enqueue(.text(value))
            try await producer.flush()
            #expect(broker.calls.map(\.values.count) == [2, 2])
        }
    }

    @Test("a request is no larger than max.request.size, and the next one begins with those that were left out")
    func requestSize() async throws {
        var script = BrokerScript()
        script.topics = ["t": 4]
        script.produce = { _ in .hold }
        try await withScriptedBroker(script) {
            ($0.linger, $0.maxRequestSize) = (.seconds(3600), 400)
        } _: { broker, producer, _ in
            // A batch of one such record has 170 bytes.
            for partition in Int32(0)..<4 { try await producer.enqueue(.text(value, partition: partition)) }
            async let flush: Void = producer.flush()
            try await broker.wait(forHeld: 2)
            broker.answerHeld()
            try await flush
            #expect(broker.calls.map(\.batches.count) == [2, 2])
            #expect(broker.calls.flatMap(\.batches).map(\.partition).sorted() == [0, 1, 2, 3])
        }
    }

    @Test("a batch that is larger than max.request.size by itself is sent alone")
    func largeBatch() async throws {
        var script = BrokerScript()
        script.topics = ["t": 2]
        try await withScriptedBroker(script) {
            ($0.linger, $0.maxRequestSize, $0.batchSize) = (.seconds(3600), 300, 1000)
        } _: { broker, producer, _ in
            for index in 0..<10 { try await producer.enqueue(.text(value, partition: Int32(index % 2))) }
            try await producer.flush()
            #expect(broker.calls.map(\.batches.count) == [1, 1])
            #expect(broker.calls.map(\.values.count) == [5, 5])
        }
    }

    @Test("no more requests are in flight than are allowed", arguments: [1, 2, 5])
    func inFlightLimit(limit: Int) async throws {
        var script = BrokerScript()
        script.produce = { $0.ordinal == 0 ? .append() : .hold }
        try await withScriptedBroker(script) {
            ($0.batchSize, $0.maxInFlightRequestsPerConnection) = (0, limit)
        } _: { broker, producer, _ in
            _ = try await producer.send(.text("first"))
            for index in 0..<12 { try await producer.enqueue(.text("\(value) \(index)")) }
            var answered = 0
            while answered < 12 {
                let count = min(limit, 12 - answered)
                try await broker.wait(forHeld: count)
                broker.answerHeld()
                answered += count
            }
            try await producer.flush()
            #expect(broker.calls.map(\.held).max() == limit - 1)
            #expect(broker.values() == ["first"] + (0..<12).map { "\(value) \($0)" })
        }
    }

    @Test("with one request in flight and no idempotence a failed batch is not overtaken")
    func notOvertaken() async throws {
        try await withScriptedBroker(.steps([.fail(.notEnoughReplicas), .close, .fail(.notLeaderOrFollower)])) {
            ($0.batchSize, $0.maxInFlightRequestsPerConnection, $0.idempotence) = (0, 1, .off)
        } _: { broker, producer, _ in
            for index in 0..<6 { try await producer.enqueue(.text("\(value) \(index)")) }
            try await producer.flush()
            #expect(broker.values() == (0..<6).map { "\(value) \($0)" })
            #expect(broker.log.allSatisfy { $0.header.producerID == -1 })
        }
    }

    @Test("linger.ms gathers what comes meanwhile")
    func lingers() async throws {
        try await withVirtualBroker(configure: { $0.linger = .milliseconds(300) }) { broker, producer, _, network in
            for index in 0..<5 { try await producer.enqueue(.text("\(index)")) }
            await network.advance(by: .milliseconds(299))
            #expect(broker.calls.isEmpty)
            await network.advance(by: .milliseconds(1))
            #expect(broker.calls.map(\.values) == [(0..<5).map { "\($0)" }])
        }
    }

    @Test("a full batch does not linger")
    func fullBatch() async throws {
        try await withScriptedBroker(configure: { ($0.linger, $0.batchSize) = (.seconds(3600), 300) }) {
            broker,
            producer,
            _ in
            for _ in 0..<3 { try await producer.enqueue(.text(value)) }
            try await broker.wait(forCalls: 1)
            #expect(broker.calls[0].values.count == 2)
        }
    }

    @Test("when memory is used up nothing lingers")
    func memoryIsShort() async throws {
        var script = BrokerScript()
        script.topics = ["t": 8]
        try await withScriptedBroker(script) {
            ($0.linger, $0.batchSize, $0.bufferMemory) = (.seconds(3600), 500, 2000)
        } _: { broker, producer, _ in
            // Four open batches use up all memory; the fifth can be opened only once some of them were sent.
            for partition in Int32(0)..<8 { try await producer.enqueue(.text("\(partition)", partition: partition)) }
            try await producer.flush()
            #expect(broker.log.map(\.partition).sorted() == Array(0..<8))
        }
    }

    @Test("after a broker asked for a pause nothing is sent to it until it is over (KIP-219)")
    func throttle() async throws {
        try await withVirtualBroker(.steps([.append(throttle: 200)])) { broker, producer, observer, network in
            _ = try await producer.send(.text("a"))
            async let second = producer.send(.text("b"))
            await network.advance(by: .milliseconds(199))
            #expect(broker.calls.count == 1)
            #expect(await network.advance { broker.calls.count == 2 })
            _ = try await second
            let isTold = observer.events.contains { event in
                if case .throttled(_, .milliseconds(200)) = event { true } else { false }
            }
            #expect(isTold)
        }
    }

    @Test("a broker that has taken nothing for partitioner.availability.timeout.ms gets no records without a key")
    func availability() async throws {
        var script = BrokerScript()
        script.topics = ["t": 2]
        script.metadata = { _, response in
            response.brokers.append(MetadataResponse.Broker(nodeID: 9, host: "127.0.0.1", port: 99))
            for index in response.topics.indices {
                response.topics[index] = response.topics[index].with(leaders: [1, 9], epoch: 0)
            }
        }
        try await withVirtualBroker(script) {
            ($0.batchSize, $0.partitionerAvailabilityTimeout) = (0, .milliseconds(50))
        } _: { broker, producer, _, network in
            try await producer.enqueue(.text("waits", partition: 1))
            _ = try await producer.send(.text("a", partition: 0))
            // Nothing listens at that port: attempt after attempt fails.
            for _ in 0..<200 { await network.advance(by: .milliseconds(1)) }
            for _ in 0..<20 { _ = try await producer.send(.text(value)) }
            #expect(broker.values().count == 21)
            await network.running { await producer.close(timeout: .zero) }
        }
    }
}
