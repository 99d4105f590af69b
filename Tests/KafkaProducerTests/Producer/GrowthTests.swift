// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProtocol
import KafkaRecords
import NIOCore
import Testing

@testable import KafkaProducer

/// What goes over the wire when batches grow: what is held up makes them larger, and nothing else changes.
@Suite("Growth on the wire", .timeLimit(.minutes(10)))
struct GrowthTests {
    private let values = (0..<4000).map { "\($0) " + String(repeating: "x", count: 100) }

    private func appendAll(to producer: KafkaProducer, partition: Int32? = 0) async throws {
        for value in values { try await producer.enqueue(.text(value, partition: partition)) }
    }

    /// Appends while a first record waits for its answer, and waits for all.
    private func appendAll(to producer: KafkaProducer, whileHeldBy broker: ScriptedBroker) async throws {
        try await producer.enqueue(.text("first", partition: 0))
        try await broker.wait(forHeld: 1)
        try await appendAll(to: producer)
        broker.answerHeld()
        try await producer.flush()
    }

    @Test("what waits for the first answer is sent in few large batches, in order and with sequences without a gap")
    func fewLargeOnes() async throws {
        var script = BrokerScript()
        script.checksSequences = true
        script.produce = { $0.ordinal == 0 ? .hold : .append() }
        try await withScriptedBroker(script) { broker, producer, observer in
            try await appendAll(to: producer, whileHeldBy: broker)
            #expect(broker.values() == ["first"] + values)
            #expect(observer.reports.flatMap(\.values) == ["first"] + values)
            #expect(broker.log.count <= 4)
            #expect(broker.log.allSatisfy { $0.size <= 1 << 20 && $0.header.producerEpoch == 0 })
        }
    }

    @Test("a batch size that was set is never exceeded, whatever holds batches up")
    func isBounded() async throws {
        var script = BrokerScript()
        script.checksSequences = true
        script.produce = { $0.ordinal == 0 ? .hold : .append() }
        try await withScriptedBroker(script, configure: { $0.batchSize = 16_384 }) { broker, producer, _ in
            try await appendAll(to: producer, whileHeldBy: broker)
            #expect(broker.values() == ["first"] + values)
            #expect(broker.log.allSatisfy { $0.size <= 16_384 })
        }
    }

    @Test("no partition has more than five batches in flight, and no batch is overtaken")
    func fiveOfPartition() async throws {
        var script = BrokerScript()
        script.checksSequences = true
        script.topics = ["t": 2]
        script.produce = { $0.ordinal == 0 ? .append() : .hold }
        try await withScriptedBroker(
            script,
            configure: {
                $0.batchSize = 0; $0.limitsRequestsByPartition = true
            }
        ) {
            broker,
            producer,
            _ in
            _ = try await producer.send(.text("first", partition: 0))
            _ = Task { try await producer.send(.text("other", partition: 1)) }
            for value in values.prefix(20) { try await producer.enqueue(.text(value, partition: 0)) }
            async let flush: Void = producer.flush()
            // Five of the first partition, and the one of the second.
            try await broker.wait { $0.calls.flatMap(\.batches).count { $0.partition == 0 } == 6 }
            let inFlight = broker.calls.dropFirst().flatMap(\.batches).filter { $0.partition == 0 }
            #expect(inFlight.count == 5)
            var answered = 1
            while answered < 21 {
                try await broker.wait { [answered] in $0.calls.flatMap(\.batches).count { $0.partition == 0 } > answered
                }
                answered = broker.calls.flatMap(\.batches).count { $0.partition == 0 }
                broker.answerHeld()
            }
            broker.answerHeld()
            try await flush
            #expect(broker.values() == ["first"] + values.prefix(20))
        }
    }

    @Test("a grown batch that the broker finds too large is divided, and the next ones do not grow to that again")
    func tooLarge() async throws {
        var script = BrokerScript()
        script.checksSequences = true
        script.produce = { call in
            call.batches.contains { $0.size > 50_000 } ? .fail(.messageTooLarge) : call.ordinal == 0 ? .hold : .append()
        }
        try await withScriptedBroker(script) { broker, producer, _ in
            try await appendAll(to: producer, whileHeldBy: broker)
            #expect(broker.values() == ["first"] + values)
            #expect(broker.log.allSatisfy { $0.size <= 50_000 })
            let refused = broker.calls.count { $0.batches.contains { $0.size > 50_000 } }
            #expect((1...8).contains(refused))
            #expect(producer.statistics.recordsFailed == 0)
            #expect(producer.statistics.bufferAvailable == producer.configuration.bufferMemory)
        }
    }

    @Test("batches of a partition without a leader grow until it has one")
    func leaderAway() async throws {
        var script = BrokerScript()
        script.checksSequences = true
        script.metadata = { ordinal, response in
            guard ordinal < 8 else { return }
            for index in response.topics.indices {
                response.topics[index] = response.topics[index].with(leaders: [-1], epoch: 0)
            }
        }
        try await withScriptedBroker(script) { broker, producer, _ in
            try await appendAll(to: producer)
            try await producer.flush()
            #expect(broker.values() == values)
            #expect(broker.log.count < 20)
        }
    }

    // MARK: connections

    @Test("the connection to a bootstrap server is the one to the broker that it turns out to be")
    func oneConnection() async throws {
        try await withScriptedBroker { broker, producer, observer in
            for value in ["a", "b"] { _ = try await producer.send(.text(value)) }
            #expect(broker.connections == 1)
            #expect(broker.calls.allSatisfy { $0.connection == 0 })
            #expect(observer.reports.allSatisfy { $0.broker?.nodeID == 1 })
        }
    }

    @Test("a broker that ends such a connection is connected to again, and nothing is lost")
    func connectionEnds() async throws {
        var script = BrokerScript.steps([.append(), .close, .append(), .appendAndClose])
        script.checksSequences = true
        try await withScriptedBroker(script) { broker, producer, _ in
            for value in ["a", "b", "c", "d", "e"] { _ = try await producer.send(.text(value)) }
            #expect(broker.values() == ["a", "b", "c", "d", "e"])
            #expect(broker.connections == 3)
        }
    }

    @Test("a version of ApiVersions that one broker refused is not tried on the others")
    func refusedVersion() async throws {
        var script = BrokerScript()
        script.topics = ["t": 2]
        // UNSUPPORTED_VERSION, and ApiVersions from 0 to 2.
        script.refusal = { $0 > 2 ? [0, 35, 0, 0, 0, 1, 0, 18, 0, 0, 0, 2] : nil }
        try await withScriptedBroker(script, nodes: 2) { broker, producer, _ in
            for partition in Int32(0)..<2 { _ = try await producer.send(.text("a", partition: partition)) }
            #expect(broker.versionsAsked.filter { $0 > 2 }.count == 1, "\(broker.versionsAsked)")
        }
    }
}
