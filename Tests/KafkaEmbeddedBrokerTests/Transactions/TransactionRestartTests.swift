// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaEmbeddedBroker

/// A broker that is started again knows how each transaction stands.
@Suite("Transactions over a restart")
struct TransactionRestartTests {
    private static let place = TransactionPartition("orders", 0)

    /// Runs `before` with a broker and `after` with the next one on the same folder, each with a producer.
    private func restart(
        _ version: TransactionProtocol,
        holdsMarkers: Bool = false,
        before: (EmbeddedBroker, TransactionalClient) async throws -> Void,
        after: (EmbeddedBroker, TransactionalClient) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            var former: TransactionalClient?
            for isAfter in [false, true] {
                try await withBroker {
                    $0.topics = ["orders": 1]
                    $0.dataDirectory = directory
                    $0.transactions.version = version
                    $0.transactions.holdsMarkers = holdsMarkers && !isAfter
                } _: { broker, client in
                    let producer = former ?? TransactionalClient(client, id: "tx / ä", version)
                    producer.client = client
                    if !isAfter { try await producer.initialize() }
                    try await (isAfter ? after : before)(broker, producer)
                    former = producer
                }
            }
        }
    }

    private func committed(_ broker: EmbeddedBroker) async throws -> [String] {
        try await broker.committedRecords(topic: "orders", partition: 0).map {
            $0.value.map { String(buffer: $0) } ?? "null"
        }
    }

    private func state(_ broker: EmbeddedBroker) async throws -> String? {
        try await broker.transaction(of: "tx / ä")?.state
    }

    @Test("an epoch is not given out twice", arguments: TransactionProtocol.allCases)
    func empty(version: TransactionProtocol) async throws {
        try await restart(version) { _, _ in
        } after: { broker, producer in
            #expect(try await state(broker) == "Empty")
            let former = producer.producer
            try await producer.initialize()
            #expect(producer.producer == ProducerIdentity(former.id, former.epoch + 1))
            let other = InitProducerIDRequest(transactionalID: nil)
            #expect(try await producer.client.send(other, version: 4).producerID > former.id)
        }
    }

    @Test("an open transaction goes on, and can still time out", arguments: TransactionProtocol.allCases)
    func ongoing(version: TransactionProtocol) async throws {
        try await restart(version) { _, producer in
            try #require(try await producer.produce(["a"], to: Self.place) == .none)
            #expect(try await producer.commit(offset: 5, Self.place) == .none)
        } after: { broker, producer in
            #expect(try await state(broker) == "Ongoing")
            #expect(try await broker.lastStableOffset(topic: "orders", partition: 0) == 0)
            #expect(
                try await producer.fetchOffset(Self.place, isStable: true).errorCode == .unstableOffsetCommit
            )
            #expect(try await producer.end(commits: true) == .none)
            // The group's offsets have their markers when the transaction is complete.
            #expect(try await producer.produce(["open"], to: Self.place) == .none)
            #expect(try await committed(broker) == ["a"])
            #expect(try await producer.fetchOffset(Self.place, isStable: true).committedOffset == 5)
            try await broker.passTime(.seconds(61))
            try await producer.initialize()
            #expect(try await broker.lastStableOffset(topic: "orders", partition: 0) == 4)
        }
    }

    @Test(
        "what was decided is finished, with the markers that were not written",
        arguments: TransactionProtocol.allCases,
        [true, false]
    )
    func prepared(version: TransactionProtocol, commits: Bool) async throws {
        try await restart(version, holdsMarkers: true) { broker, producer in
            try await producer.produce(["a"], to: Self.place)
            try await producer.commit(offset: 5, Self.place)
            #expect(try await producer.end(commits: commits) == .none)
            #expect(try await state(broker) == (commits ? "PrepareCommit" : "PrepareAbort"))
            #expect(try await committed(broker) == [])
        } after: { broker, producer in
            try #require(try await state(broker) == (commits ? "CompleteCommit" : "CompleteAbort"))
            #expect(try await committed(broker) == (commits ? ["a"] : []))
            #expect(try await broker.logEndOffset(topic: "orders", partition: 0) == 2, "one marker")
            let offset = try await producer.fetchOffset(Self.place, isStable: true)
            #expect(offset.committedOffset == (commits ? 5 : -1))
            #expect(try await producer.produce(["b"], to: Self.place) == .none)
            #expect(try await producer.end(commits: true) == .none)
        }
    }

    @Test("what is complete stays so, and a lost answer is given again", arguments: TransactionProtocol.allCases)
    func complete(version: TransactionProtocol) async throws {
        var former = ProducerIdentity.none
        try await restart(version) { broker, producer in
            try await producer.produce(["a"], to: Self.place)
            former = producer.producer
            #expect(try await producer.end(commits: true) == .none)
            try await producer.produce(["x"], to: Self.place)
            former = producer.producer
            #expect(try await producer.end(commits: false) == .none)
            try await broker.holdTransactionMarkers()
            try await broker.releaseTransactionMarkers()
        } after: { broker, producer in
            try #require(try await state(broker) == "CompleteAbort")
            #expect(try await committed(broker) == ["a"])
            let next = producer.producer
            producer.producer = former
            #expect(try await producer.end(commits: false) == .none)
            #expect(producer.producer == next)
            #expect(try await producer.end(commits: true) == .invalidTransactionState)
        }
    }

    @Test("a state file with a torn end, or with lines that say nothing, is read as far as it can be")
    func damagedState() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/coordinators.state"
            var journal = try StateJournal(path: path)
            try journal.apply([.init(key: "a", value: "1 2"), .init(key: "b", value: "x")])
            try journal.apply([.init(key: "a", value: "3"), .init(key: "b", value: nil)])
            let text = try #require(try Directory.text(of: path))
            try Directory.write(text + "c\tto", to: path)
            #expect(try StateJournal(path: path).values == ["a": "3"])
            try Directory.write("t/x\tnonsense\no/g/t/0\t1\np/1/g/t\t\nt\t\n\u{0}\n" + text, to: path)
            let state = try CoordinationState(path: path, EmbeddedBroker.Transactions(), flushes: false, disk: Disk())
            #expect(state.transactions.isEmpty && !state.offsets.isKnown("g"))
        }
    }

    @Test("the state file does not grow with the changes")
    func compaction() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/coordinators.state"
            var journal = try StateJournal(path: path)
            for number in 0..<10_000 { try journal.apply([.init(key: "a", value: "\(number)")]) }
            let lines = try #require(try Directory.text(of: path)).split(separator: "\n").count
            #expect(lines < 5_000)
            #expect(try StateJournal(path: path).values == ["a": "9999"])
        }
    }
}
