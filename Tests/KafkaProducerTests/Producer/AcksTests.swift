// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Testing

@testable import KafkaProducer

/// What `acks` and `enable.idempotence` promise, and that it is kept.
@Suite("Acks", .timeLimit(.minutes(10)))
struct AcksTests {
    @Test(
        "acks goes to the broker as it is set; with acks=0 the first request finds out who leads",
        arguments: [(Acks.none, [Int16(1), 0, 0]), (.leader, [1, 1, 1]), (.all, [-1, -1, -1])]
    )
    func onTheWire(acks: Acks, values: [Int16]) async throws {
        try await withScriptedBroker(configure: { $0.acks = acks }) { broker, producer, _ in
            for index in 0..<3 { _ = try await producer.send(.text("\(index)")) }
            #expect(broker.calls.map(\.acks) == values)
        }
    }

    @Test("acks=1 tries again, may store twice, and never reports what no broker has confirmed")
    func leader() async throws {
        try await withScriptedBroker(.steps([.close, .appendAndClose, .fail(.notEnoughReplicas)])) {
            $0.acks = .leader
        } _: { broker, producer, observer in
            let metadata = try await producer.send(.text("a"))
            #expect(metadata.offset == 1)
            #expect(broker.values() == ["a", "a"] && broker.calls.count == 4)
            #expect(observer.reports.map(\.attempts) == [4])
        }
    }

    @Test("with acks=0 a record is told once: delivered when it is stored, unknown when that cannot be told")
    func noneOverTornConnections() async throws {
        var script = BrokerScript()
        script.produce = { $0.ordinal % 3 == 2 ? .close : .append() }
        try await withScriptedBroker(script, configure: { ($0.acks, $0.batchSize) = (.none, 0) }) {
            broker,
            producer,
            observer in
            for index in 0..<100 { try await producer.enqueue(.text("\(index)")) }
            try await producer.flush()
            let told = observer.reports.flatMap(\.values)
            #expect(told.sorted() == (0..<100).map { "\($0)" }.sorted())
            let failed = observer.reports.filter { $0.errors.contains { $0 != nil } }
            #expect(failed.allSatisfy { $0.errors.allSatisfy { $0?.code == .sentUnknown } })
            let unknown = Set(failed.flatMap(\.values))
            #expect(producer.statistics.recordsFailed == unknown.count && !unknown.isEmpty)
            #expect(producer.statistics.recordsAcked == 100 - unknown.count)
            // At most once, in order, and nothing that counts as delivered is missing.
            let order = broker.values().compactMap { Int($0) }
            #expect(order == Array(Set(order)).sorted())
            #expect(Set(told).subtracting(unknown).isSubset(of: broker.values()))
            #expect(producer.statistics.batchesInFlight == 0 && producer.statistics.recordsInFlight == 0)
        }
    }

    @Test(
        "with acks=0 a leader that does not know it yet costs nothing",
        arguments: [ErrorCode.notLeaderOrFollower, .unknownTopicOrPartition, .leaderNotAvailable]
    )
    func noneBeforeTheLeaderKnows(error: ErrorCode) async throws {
        try await withScriptedBroker(.steps([.fail(error), .fail(error), .fail(error)])) {
            ($0.acks, $0.batchSize) = (.none, 0)
        } _: { broker, producer, _ in
            let expected = (0..<50).map { "\($0)" }
            for value in expected { try await producer.enqueue(.text(value)) }
            try await producer.flush()
            #expect(broker.values() == expected)
            #expect(producer.statistics.recordsAcked == 50 && producer.statistics.recordsFailed == 0)
        }
    }

    @Test(
        "with acks=0 an answer that leaves open whether a batch is stored does not have it stored twice",
        arguments: [ErrorCode.requestTimedOut, .notEnoughReplicasAfterAppend]
    )
    func noneMaybeStored(error: ErrorCode) async throws {
        try await withScriptedBroker(.steps([.appendAndFail(error)]), configure: { $0.acks = .none }) {
            broker,
            producer,
            _ in
            let failure = await producerError { _ = try await producer.send(.text("a")) }
            #expect(failure?.code == .sentUnknown)
            _ = try await producer.send(.text("b"))
            #expect(broker.values() == ["a", "b"])
        }
    }

    @Test("with acks=0 a broker that is asked nothing more still confirms: a batch of no answer counts as delivered")
    func noneConfirmed() async throws {
        try await withScriptedBroker(configure: { $0.acks = .none }) { broker, producer, _ in
            for index in 0..<3 {
                _ = try await producer.send(.text("\(index)"))
                #expect(broker.values().count == index + 1)
            }
        }
    }

    @Test("with acks=0 nothing counts as delivered that was not written")
    func noneWithoutBroker() async throws {
        let dead = try ClosedPort()
        var script = BrokerScript()
        script.metadata = { _, response in
            response.brokers.append(MetadataResponse.Broker(nodeID: 9, host: "127.0.0.1", port: Int32(dead.port)))
            for index in response.topics.indices {
                response.topics[index] = response.topics[index].with(leaders: [9], epoch: 0)
            }
        }
        try await withScriptedBroker(script) {
            $0.acks = .none
            ($0.deliveryTimeout, $0.requestTimeout) = (.milliseconds(300), .milliseconds(300))
        } _: { broker, producer, observer in
            let error = await producerError { _ = try await producer.send(.text("a")) }
            #expect(error?.code == .timedOut)
            #expect(producer.statistics.recordsAcked == 0 && producer.statistics.recordsFailed == 1)
        }
    }

    @Test("with acks=0 thousands of batches that wait for a leader are written in order, one call not within another")
    func noneAfterLongWait() async throws {
        let isElected = RefusalSwitch()
        var script = BrokerScript()
        script.metadata = { _, response in
            guard !isElected.isOn else { return }
            for index in response.topics.indices {
                response.topics[index] = response.topics[index].with(leaders: [-1], epoch: 0)
            }
        }
        try await withScriptedBroker(script) {
            ($0.acks, $0.batchSize) = (.none, 0)
        } _: { broker, producer, _ in
            let expected = (0..<1500).map { "\($0)" + String(repeating: "x", count: 20) }
            for value in expected { try await producer.enqueue(.text(value)) }
            isElected.isOn = true
            try await producer.flush()
            try await broker.wait { $0.calls.count == 1500 }
            #expect(broker.values() == expected)
            #expect(producer.statistics.recordsAcked == 1500)
        }
    }
}
