// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaEmbeddedBroker

/// What becomes of the marker that ends a transaction when the leader dies that has written it.
@Suite("Markers among replicas")
struct ReplicatedMarkerTests {
    private static let place = TransactionPartition("orders", 0)

    /// A transaction with one record that all replicas have, decided, with a marker that the leader alone has: broker 1. Its
    /// coordinator is broker 2.
    private func withLonelyMarker(commits: Bool, _ body: (EmbeddedBroker) async throws -> Void) async throws {
        try await withBroker {
            $0.brokers = 3
            $0.topics = ["orders": 1]
            $0.replicationFactor = 3
            $0.topicDefaults[.segmentMs] = "\(Int64.max)"
        } _: { (broker: EmbeddedBroker, leader) async throws in
            try await broker.moveCoordinator(ofTransactionalID: "tx", to: 2, loadingFor: .zero)
            let coordinator = try await TestClient.connect(port: broker.ports[1])
            let producer = TransactionalClient(coordinator, id: "tx", .second)
            try await producer.initialize()
            producer.client = leader
            #expect(try await producer.produce(["a"], to: Self.place) == .none)
            try await broker.holdReplication()
            producer.client = coordinator
            #expect(try await producer.end(commits: commits) == .none)
            while try await ends(broker)[1] != 2 { await Task.yield() }
            #expect(try await ends(broker) == [1: 2, 2: 1, 3: 1])
            try await body(broker)
            await coordinator.close()
        }
    }

    private func ends(_ broker: EmbeddedBroker) async throws -> [Int: Int64] {
        try await broker.describe(topic: "orders", partition: 0).logEndOffsets
    }

    private func committed(_ broker: EmbeddedBroker) async throws -> [String] {
        try await broker.committedRecords(topic: "orders", partition: 0).map {
            $0.value.map { String(buffer: $0) } ?? "null"
        }
    }

    private func complete(_ broker: EmbeddedBroker) async throws {
        while try await broker.transaction(of: "tx")?.state.hasPrefix("Complete") != true { await Task.yield() }
    }

    @Test("a transaction ends for readers, and for its coordinator, when all in sync have its marker")
    func waits() async throws {
        try await withLonelyMarker(commits: true) { broker in
            #expect(try await broker.lastStableOffset(topic: "orders", partition: 0) == 0)
            #expect(try await committed(broker) == [])
            #expect(try await broker.transaction(of: "tx")?.state == "PrepareCommit")
            try await broker.releaseReplication()
            try await complete(broker)
            #expect(try await broker.lastStableOffset(topic: "orders", partition: 0) == 2)
            #expect(try await committed(broker) == ["a"])
            #expect(try await ends(broker) == [1: 2, 2: 2, 3: 2])
        }
    }

    @Test("the next leader gets it again where it did not have it", arguments: [true, false])
    func lost(commits: Bool) async throws {
        try await withLonelyMarker(commits: commits) { broker in
            try await broker.kill(node: 1)
            #expect(try await broker.describe(topic: "orders", partition: 0).leader == 2)
            #expect(try await committed(broker) == [])
            try await broker.releaseReplication()
            try await complete(broker)
            #expect(try await ends(broker).filter { $0.key != 1 } == [2: 2, 3: 2])
            #expect(try await committed(broker) == (commits ? ["a"] : []))
            try await broker.start(node: 1)
            try await broker.replicate()
            #expect(try await ends(broker) == [1: 2, 2: 2, 3: 2])
        }
    }

    @Test("and not where it had it")
    func kept() async throws {
        try await withLonelyMarker(commits: true) { broker in
            try await broker.part(node: 1, from: [3])
            try await broker.replicate()
            #expect(try await ends(broker) == [1: 2, 2: 2, 3: 1])
            try await broker.kill(node: 1)
            try await broker.heal()
            try await broker.releaseReplication()
            try await complete(broker)
            #expect(try await ends(broker).filter { $0.key != 1 } == [2: 2, 3: 2])
            #expect(try await committed(broker) == ["a"])
        }
    }
}
