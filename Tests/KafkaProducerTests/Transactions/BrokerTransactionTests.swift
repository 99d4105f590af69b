// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaProducer

/// Transactions against the embedded broker's coordinators, which disagree where they must, with both protocols.
@Suite("Transactions with a broker", .timeLimit(.minutes(10)))
struct BrokerTransactionTests {
    private typealias Version = KafkaEmbeddedBroker.TransactionProtocol

    private func withBroker(
        _ version: Int16,
        brokers: Int = 1,
        _ configure: (inout EmbeddedBroker.Transactions) -> Void = { _ in },
        _ body: (EmbeddedBroker) async throws -> Void
    ) async throws {
        let version = try #require(Version(rawValue: version))
        try await withEmbeddedBroker(partitions: 3) {
            $0.brokers = brokers
            $0.transactions.version = version
            configure(&$0.transactions)
        } _: {
            try await body($0)
        }
    }

    private func withTransactionalProducer(
        _ broker: EmbeddedBroker,
        configure: (inout ProducerConfiguration) -> Void = { _ in },
        _ body: (KafkaProducer) async throws -> Void
    ) async throws {
        var configuration = ProducerConfiguration.test(ports: broker.ports)
        configuration.transactionalID = "x"
        configure(&configuration)
        try await withProducer(configuration) { try await body($0) }
    }

    @Test("records and offsets are committed together, and aborted together", arguments: [Int16(1), 2])
    func together(version: Int16) async throws {
        try await withBroker(version, brokers: 3) { broker in
            try await withTransactionalProducer(broker) { producer in
                for round in 1...3 {
                    try await producer.withTransaction { transaction in
                        for partition in Int32(0)..<3 {
                            try await transaction.enqueue(.text("r\(round)", partition: partition))
                        }
                        let offset = CommittedOffset(topic: "t", partition: 0, offset: Int64(round), metadata: "m")
                        try await transaction.commitOffsets([offset], group: "g")
                    }
                }
                #expect(try await broker.committedOffset(group: "g", topic: "t", partition: 0)?.offset == 3)
                struct Stop: Error {}
                await #expect(throws: Stop.self) {
                    try await producer.withTransaction { transaction in
                        _ = try await transaction.send(.text("never", partition: 0))
                        try await transaction.commitOffsets(
                            [CommittedOffset(topic: "t", partition: 0, offset: 99)],
                            group: "g"
                        )
                        throw Stop()
                    }
                }
                #expect(try await broker.committedOffset(group: "g", topic: "t", partition: 0)?.offset == 3)
                #expect(producer.statistics.recordsAcked == 9)
                let state = try await broker.transaction(of: "x")?.state
                #expect(state == "CompleteAbort" || state == "PrepareAbort")
            }
        }
    }

    @Test("a transaction goes on while its coordinator moves", arguments: [Int16(1), 2])
    func movedCoordinator(version: Int16) async throws {
        try await withBroker(version, brokers: 2) { broker in
            try await withTransactionalProducer(broker) { producer in
                for round in 0..<4 {
                    try await producer.beginTransaction()
                    _ = try await producer.send(.text("a\(round)", partition: 0))
                    try await broker.moveCoordinator(ofTransactionalID: "x", loadingFor: .milliseconds(20))
                    try await producer.commitTransaction()
                }
                #expect(producer.statistics.recordsAcked == 4)
            }
        }
    }

    @Test("a second producer with the same id takes over, and the first one says so", arguments: [Int16(1), 2])
    func takenOver(version: Int16) async throws {
        try await withBroker(version) { broker in
            try await withTransactionalProducer(broker) { first in
                try await first.beginTransaction()
                _ = try await first.send(.text("lost", partition: 0))
                try await withTransactionalProducer(broker) { second in
                    try await second.withTransaction { _ = try await $0.send(.text("kept", partition: 0)) }
                }
                let error = await producerError { try await first.commitTransaction() }
                #expect(error?.code == .fenced)
                let next = await producerError { try await first.beginTransaction() }
                #expect(next?.code == .fenced)
            }
        }
    }

    @Test(
        "while markers are held back, the next transaction waits, and goes on when they come",
        arguments: [Int16(1), 2]
    )
    func heldMarkers(version: Int16) async throws {
        try await withBroker(version, { $0.markerDelay = .milliseconds(30) }) { broker in
            try await withTransactionalProducer(broker) { producer in
                for round in 0..<5 {
                    try await producer.withTransaction { transaction in
                        _ = try await transaction.send(.text("\(round)", partition: 0))
                        try await transaction.commitOffsets(
                            [CommittedOffset(topic: "t", partition: 0, offset: Int64(round))],
                            group: "g"
                        )
                    }
                }
                #expect(producer.statistics.recordsAcked == 5)
            }
        }
    }

    @Test("the epochs of an id are used up, and the producer goes on under the next id", arguments: [Int16(1), 2])
    func usedUpEpochs(version: Int16) async throws {
        try await withBroker(version, { $0.firstEpoch = 32765 }) { broker in
            for _ in 0..<3 {
                try await withTransactionalProducer(broker) { producer in
                    for round in 0..<3 {
                        try await producer.withTransaction { _ = try await $0.send(.text("\(round)", partition: 0)) }
                    }
                    #expect(producer.statistics.recordsAcked == 3)
                }
            }
        }
    }

    @Test("the cluster moves to the other protocol while a producer works", arguments: [Int16(1), 2])
    func changedProtocol(version: Int16) async throws {
        try await withBroker(version) { broker in
            try await withTransactionalProducer(broker) { producer in
                try await producer.withTransaction { _ = try await $0.send(.text("a", partition: 0)) }
                try await broker.setTransactionVersion(try #require(Version(rawValue: 3 - version)))
                try await producer.withTransaction { _ = try await $0.send(.text("b", partition: 0)) }
                #expect(producer.statistics.recordsAcked == 2)
            }
        }
    }

    @Test("with KIP-98, a lost batch is healed by the next epoch; with KIP-890 by the end", arguments: [Int16(1), 2])
    func lostBatch(version: Int16) async throws {
        try await withBroker(version) { broker in
            try await withTransactionalProducer(broker) { producer in
                try await broker.inject(try Fault(parsing: "produce 1 error INVALID_RECORD"))
                let error = await producerError {
                    try await producer.withTransaction { _ = try await $0.send(.text("bad", partition: 0)) }
                }
                #expect(error?.code == .broker(.invalidRecord))
                for round in 0..<3 {
                    try await producer.withTransaction { _ = try await $0.send(.text("\(round)", partition: 0)) }
                }
                #expect(producer.statistics.recordsAcked == 3)
            }
        }
    }
}
