// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import KafkaRecords
import NIOCore
import Synchronization
import Testing

@testable import KafkaProducer

/// Transactions of a producer against a scripted coordinator, with both protocols.
@Suite("Transactions", .timeLimit(.minutes(10)))
struct TransactionTests {
    private func withCoordinator(
        level: Int16,
        firstEpoch: Int16 = 0,
        produceVersions: ClosedRange<Int16> = 3...13,
        topics: [String: Int32] = ["t": 2],
        configure: (inout ProducerConfiguration) -> Void = { _ in },
        produce: @escaping @Sendable (ProduceCall) -> BrokerScript.Step = { _ in .append() },
        step: @escaping @Sendable (ScriptedCoordinator.Call) -> ScriptedCoordinator.Step = { _ in .succeed },
        _ body: (ScriptedBroker, ScriptedCoordinator, KafkaProducer, RecordingObserver) async throws -> Void
    ) async throws {
        let coordinator = ScriptedCoordinator(level: level, firstEpoch: firstEpoch, step: step)
        var script = BrokerScript()
        script.topics = topics
        script.produceVersions = produceVersions
        script.coordinator = coordinator
        script.checksSequences = true
        script.produce = produce
        try await withScriptedBroker(script) {
            $0.transactionalID = "x"
            configure(&$0)
        } _: { broker, producer, observer in
            try await body(broker, coordinator, producer, observer)
        }
    }

    @Test("KIP-98 on the wire: partitions are added before the first batch, in versions that are not KIP-890's")
    func explicitWire() async throws {
        try await withCoordinator(level: 1) { broker, coordinator, producer, observer in
            for value in ["a", "b"] {
                try await producer.withTransaction { transaction in
                    _ = try await transaction.send(.text(value, partition: 0))
                    try await transaction.commitOffsets(
                        [CommittedOffset(topic: "in", partition: 0, offset: 1)],
                        group: "g"
                    )
                }
            }
            #expect(
                coordinator.words == [
                    "FindCoordinator id x", "InitProducerId init",
                    "AddPartitionsToTxn t-0", "AddOffsetsToTxn g", "FindCoordinator group g", "TxnOffsetCommit g",
                    "EndTxn commit",
                    "AddPartitionsToTxn t-0", "AddOffsetsToTxn g", "TxnOffsetCommit g", "EndTxn commit",
                ]
            )
            #expect(coordinator.calls.allSatisfy { $0.api != .addPartitionsToTransaction || $0.version == 3 })
            #expect(coordinator.calls.allSatisfy { $0.api != .endTransaction || $0.version == 4 })
            #expect(coordinator.calls.allSatisfy { $0.api != .transactionOffsetCommit || $0.version == 4 })
            #expect(broker.calls.allSatisfy { $0.version == 11 && $0.transactionalID == "x" && $0.acks == -1 })
            #expect(broker.log.allSatisfy { $0.header.isTransactional && $0.header.producerEpoch == 0 })
            #expect(broker.log.map(\.header.baseSequence) == [0, 1])
            #expect(producer.statistics.recordsAcked == 2)
            let ends = observer.events.compactMap { event in
                if case .transactionCommitted(let number, let records) = event { [number, records] } else { nil }
            }
            #expect(ends == [[1, 1], [2, 1]])
        }
    }

    @Test("KIP-890 on the wire: nothing is added, and each transaction has the next epoch and sequences from 0")
    func implicitWire() async throws {
        try await withCoordinator(level: 2) { broker, coordinator, producer, _ in
            for value in ["a", "b"] {
                try await producer.withTransaction { transaction in
                    _ = try await transaction.send(.text(value, partition: 0))
                    try await transaction.commitOffsets(
                        [CommittedOffset(topic: "in", partition: 0, offset: 1)],
                        group: "g"
                    )
                }
            }
            #expect(
                coordinator.words == [
                    "FindCoordinator id x", "InitProducerId init",
                    "FindCoordinator group g", "TxnOffsetCommit g", "EndTxn commit",
                    "TxnOffsetCommit g", "EndTxn commit",
                ]
            )
            #expect(coordinator.calls.allSatisfy { $0.api != .endTransaction || $0.version == 5 })
            #expect(coordinator.calls.allSatisfy { $0.api != .transactionOffsetCommit || $0.version == 5 })
            #expect(broker.calls.allSatisfy { $0.version >= 12 })
            #expect(broker.log.map(\.header.producerEpoch) == [0, 1])
            #expect(broker.log.map(\.header.baseSequence) == [0, 0])
        }
    }

    @Test("at the last epoch the producer goes on under the id that the end of the transaction has given")
    func newID() async throws {
        try await withCoordinator(level: 2, firstEpoch: .max - 2) { broker, _, producer, _ in
            for value in ["a", "b", "c"] {
                try await producer.withTransaction { _ = try await $0.send(.text(value, partition: 0)) }
            }
            #expect(broker.values() == ["a", "b", "c"])
            #expect(broker.log.map(\.header.producerID) == [7, 8, 8])
            #expect(broker.log.map(\.header.producerEpoch) == [.max - 2, 0, 1])
        }
    }

    @Test("what the body throws aborts the transaction", arguments: [Int16(1), 2])
    func abortedBody(level: Int16) async throws {
        struct Stop: Error {}
        try await withCoordinator(level: level) { broker, coordinator, producer, observer in
            await #expect(throws: Stop.self) {
                try await producer.withTransaction { transaction in
                    _ = try await transaction.send(.text("a", partition: 0))
                    throw Stop()
                }
            }
            #expect(coordinator.words.last == "EndTxn abort")
            #expect(producer.statistics.recordsAcked == 0)
            #expect(producer.statistics.recordsFailed == 1)
            try await producer.withTransaction { _ = try await $0.send(.text("b", partition: 0)) }
            #expect(coordinator.words.last == "EndTxn commit")
            #expect(producer.statistics.recordsAcked == 1)
            #expect(producer.statistics.recordsUncommitted == 0)
            #expect(broker.values() == ["a", "b"])
            let aborted = observer.events.contains { event in
                if case .transactionAborted(1, 1) = event { true } else { false }
            }
            #expect(aborted)
        }
    }

    @Test("cancelling the task aborts the transaction", arguments: [Int16(1), 2])
    func cancelled(level: Int16) async throws {
        try await withCoordinator(level: level) { _, coordinator, producer, _ in
            let task = Task {
                try await producer.withTransaction { transaction in
                    _ = try await transaction.send(.text("a", partition: 0))
                    unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                }
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(coordinator.words.last == "EndTxn abort")
        }
    }

    @Test("what is queued when the transaction is aborted is given up, and never sent", arguments: [Int16(1), 2])
    func discarded(level: Int16) async throws {
        try await withCoordinator(level: level, configure: { $0.linger = .seconds(3000) }) {
            broker,
            coordinator,
            producer,
            observer in
            try await producer.beginTransaction()
            try await producer.enqueue(.text("a", partition: 0))
            try await producer.abortTransaction()
            #expect(broker.calls.isEmpty)
            #expect(observer.reports.map(\.values) == [["a"]])
            guard case .failed(let error)? = observer.reports.first?.outcome else {
                Issue.record("the record did not fail")
                return
            }
            #expect(error.code == .transactionAborted)
        }
    }

    @Test(
        "a record that is refused makes the commit fail, and the next transaction is not concerned",
        arguments: [
            Int16(1), 2,
        ]
    )
    func refusedRecord(level: Int16) async throws {
        try await withCoordinator(
            level: level,
            produce: { $0.values == ["bad"] ? .fail(.invalidRecord) : .append() }
        ) { broker, coordinator, producer, _ in
            let error = await producerError {
                try await producer.withTransaction { transaction in
                    try await transaction.enqueue(.text("bad", partition: 0))
                }
            }
            #expect(error?.code == .broker(.invalidRecord))
            #expect(coordinator.words.contains("EndTxn abort"))
            #expect(!coordinator.words.contains("EndTxn commit"))
            try await producer.withTransaction { _ = try await $0.send(.text("good", partition: 0)) }
            #expect(broker.values() == ["good"])
            #expect(broker.log.map(\.header.producerEpoch) == [1])
            #expect(broker.log.map(\.header.baseSequence) == [0])
        }
    }

    @Test("a lost answer to any request is asked for again", arguments: [Int16(1), 2])
    func lostAnswers(level: Int16) async throws {
        let step: @Sendable (ScriptedCoordinator.Call) -> ScriptedCoordinator.Step = { call in
            call.ordinal == 0 ? .close : call.ordinal == 1 ? .fail(.coordinatorLoadInProgress) : .succeed
        }
        try await withCoordinator(level: level, step: step) { broker, coordinator, producer, _ in
            try await producer.withTransaction { transaction in
                _ = try await transaction.send(.text("a", partition: 0))
                try await transaction.commitOffsets([CommittedOffset(topic: "in", partition: 0, offset: 1)], group: "g")
            }
            #expect(broker.values() == ["a"])
            #expect(coordinator.words.filter { $0 == "EndTxn commit" }.count == 3)
        }
    }

    @Test("another partition's refusal of a request is no refusal: 55 is tried again")
    func notAttempted() async throws {
        try await withCoordinator(
            level: 2,
            produce: { $0.ordinal == 0 ? .fail(.operationNotAttempted) : .append() }
        ) { broker, _, producer, _ in
            try await producer.withTransaction { _ = try await $0.send(.text("a", partition: 0)) }
            #expect(broker.values() == ["a"])
        }
    }

    @Test("a commit that is not answered within max.block.ms is unknown, and calling again waits on")
    func unknownCommit() async throws {
        let silent = RefusalSwitch()
        silent.isOn = true
        try await withCoordinator(level: 2) {
            $0.maxBlock = .seconds(5)
            $0.requestTimeout = .seconds(1)
        } step: { call in
            call.api == .endTransaction && silent.isOn ? .ignore : .succeed
        } _: { broker, coordinator, producer, _ in
            let error = await producerError {
                try await producer.withTransaction { _ = try await $0.send(.text("a", partition: 0)) }
            }
            #expect(error?.code == .commitUnknown)
            #expect(!coordinator.words.contains("EndTxn abort"))
            silent.isOn = false
            try await producer.commitTransaction()
            #expect(producer.statistics.recordsAcked == 1)
        }
    }

    @Test("a producer that is fenced says so, and sends nothing more", arguments: [Int16(1), 2])
    func fenced(level: Int16) async throws {
        try await withCoordinator(
            level: level,
            step: { $0.api == .endTransaction ? .fail(.producerFenced) : .succeed }
        ) { _, coordinator, producer, _ in
            let error = await producerError {
                try await producer.withTransaction { _ = try await $0.send(.text("a", partition: 0)) }
            }
            #expect(error?.code == .fenced)
            #expect(error?.message.contains("transactional.id=x") == true)
            let next = await producerError { try await producer.beginTransaction() }
            #expect(next?.code == .fenced)
            let sending = await producerError { _ = try await producer.send(.text("b")) }
            #expect(sending?.code == .fenced)
            #expect(coordinator.words.count { $0.hasPrefix("InitProducerId") } == 1)
        }
    }

    @Test("records are sent within transactions only")
    func outside() async throws {
        try await withCoordinator(level: 2) { broker, _, producer, _ in
            let error = await producerError { _ = try await producer.send(.text("a")) }
            #expect(error?.code == .transactionState)
            #expect(broker.calls.isEmpty)
        }
        try await withScriptedBroker { _, producer, _ in
            let error = await producerError { try await producer.beginTransaction() }
            #expect(error?.code == .transactionState)
        }
    }

    @Test("closing aborts the open transaction")
    func close() async throws {
        try await withCoordinator(level: 2) { _, coordinator, producer, _ in
            try await producer.beginTransaction()
            _ = try await producer.send(.text("a", partition: 0))
            await producer.close()
            #expect(coordinator.words.last == "EndTxn abort")
        }
    }

    @Test("batches run out of time with their transaction, and the message says which setting")
    func transactionTimeout() async throws {
        try await withCoordinator(
            level: 1,
            configure: { $0.transactionTimeout = .seconds(3) },
            produce: { _ in .fail(.notEnoughReplicas) }
        ) { _, coordinator, producer, _ in
            let error = await producerError {
                try await producer.withTransaction { _ = try await $0.send(.text("a", partition: 0)) }
            }
            #expect(error?.code == .transactionTimedOut)
            #expect(error?.message.contains("transaction.timeout.ms=3000") == true)
            #expect(coordinator.words.contains("EndTxn abort"))
        }
    }

    @Test("a cluster of KIP-890 whose broker has no such Produce refuses, rather than mix the protocols")
    func noMixture() async throws {
        try await withCoordinator(level: 2, produceVersions: 3...11) { broker, coordinator, producer, _ in
            let error = await producerError {
                try await producer.withTransaction { _ = try await $0.send(.text("a", partition: 0)) }
            }
            #expect(error?.code == .broker(.unsupportedVersion))
            #expect(broker.calls.isEmpty)
        }
    }

    @Test("the calls that succeed are counted under Java's names")
    func metrics() async throws {
        try await withCoordinator(level: 2) { _, _, producer, _ in
            try await producer.withTransaction { _ = try await $0.send(.text("a", partition: 0)) }
            let names = await producer.metrics().map(\.name).filter { $0.hasPrefix("txn-") }
            #expect(
                Set(names) == [
                    "txn-init-time-ns-total", "txn-begin-time-ns-total", "txn-send-offsets-time-ns-total",
                    "txn-commit-time-ns-total", "txn-abort-time-ns-total",
                ]
            )
        }
    }
}
