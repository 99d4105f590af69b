// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import KafkaRecords
import NIOCore
import Testing

@testable import KafkaEmbeddedBroker

@Suite("Transactions over the wire")
struct TransactionTests {
    private static let place = TransactionPartition("orders", 0)

    private func withProducer(
        _ version: TransactionProtocol,
        _ configure: (inout EmbeddedBroker.Configuration) -> Void = { _ in },
        _ body: (EmbeddedBroker, TransactionalClient) async throws -> Void
    ) async throws {
        try await withBroker {
            $0.topics = ["orders": 2]
            $0.transactions.version = version
            // Markers have the time of the day, and go into the segment of records that are old.
            $0.topicDefaults[.segmentMs] = "\(Int64.max)"
            configure(&$0)
        } _: { broker, client in
            let producer = TransactionalClient(client, id: "tx", version)
            try await producer.initialize()
            try await body(broker, producer)
        }
    }

    private func committed(_ broker: EmbeddedBroker, partition: Int = 0) async throws -> [String] {
        try await broker.committedRecords(topic: "orders", partition: partition).map {
            $0.value.map { String(buffer: $0) } ?? "null"
        }
    }

    @Test("what is committed is read, and what is aborted is not", arguments: TransactionProtocol.allCases)
    func commitAndAbort(version: TransactionProtocol) async throws {
        try await withProducer(version) { broker, producer in
            for (values, commits) in [(["a", "b"], true), (["x"], false), (["c"], true)] {
                #expect(try await producer.produce(values, to: Self.place) == .none)
                #expect(try await producer.end(commits: commits) == .none)
            }
            // The next transaction can begin only when the markers are written.
            try await producer.produce(["open"], to: Self.place)
            #expect(try await committed(broker) == ["a", "b", "c"])
            let all = try await broker.records(topic: "orders", partition: 0)
            #expect(all.map(\.offset) == [0, 1, 3, 5, 7], "a marker takes an offset")
            #expect(try await broker.lastStableOffset(topic: "orders", partition: 0) == 7)
            #expect(producer.producer.epoch == (version == .first ? 0 : 3))
            #expect(all.map(\.batch.producerEpoch) == (version == .first ? [0, 0, 0, 0, 0] : [0, 0, 1, 2, 3]))
        }
    }

    @Test("a reader of committed records waits for the marker, and is told what was aborted")
    func fetch() async throws {
        try await withProducer(.second) { broker, producer in
            try await producer.produce(["x"], to: Self.place)
            try await producer.end(commits: false)
            try await producer.produce(["a"], to: Self.place)
            var request = FetchRequest(topic: "orders")
            request.isolationLevel = 1
            let client = producer.client
            let first = try await client.send(request, version: 12).single
            #expect(first.abortedTransactions == [.init(producerID: producer.producer.id, firstOffset: 0)])
            #expect(first.lastStableOffset == 2 && first.highWatermark == 3)
            let head = try first.values()
            #expect(head.count == 2 && head.first == "x", "the aborted record and its marker")
            request.isolationLevel = 0
            let uncommitted = try await client.send(request, version: 12).single
            #expect(uncommitted.abortedTransactions == nil)
            #expect(try uncommitted.values().count == 3)

            // Nothing is stable there yet: the fetch waits until it is, and another connection ends the transaction.
            request.isolationLevel = 1
            request.maxWaitMs = Int32.max
            request.topics[0].partitions[0].fetchOffset = 2
            try await client.write(
                RequestFrame.encode(request, version: 12, correlationID: 9, clientID: "test")
            )
            let other = try await TestClient.connect(port: broker.ports[0])
            let ending = TransactionalClient(other, id: "tx", .second)
            ending.producer = producer.producer
            #expect(try await ending.end(commits: true) == .none)
            let woken = try await client.response(to: FetchRequest.self, version: 12, correlationID: 9).single
            #expect(woken.abortedTransactions == [])
            #expect(try woken.values().first == "a")
            await other.close()
        }
    }

    @Test("ListOffsets ends where records are stable for a reader of committed ones")
    func listOffsets() async throws {
        try await withProducer(.second) { _, producer in
            try await producer.produce(["a"], to: Self.place)
            let ends = try await [Int8(0), 1].asyncMap { isolation in
                let partition = ListOffsetsRequest.Partition(partitionIndex: 0, timestamp: -1)
                let byTime = ListOffsetsRequest.Partition(partitionIndex: 0, timestamp: TestBatch.time)
                let request = ListOffsetsRequest(
                    isolationLevel: isolation,
                    topics: [.init(name: "orders", partitions: [partition, byTime])]
                )
                return try await producer.client.send(request, version: 5).topics[0].partitions.map(\.offset)
            }
            #expect(ends == [[1, 0], [0, -1]])
        }
    }

    @Test("a second init fences the first producer, and aborts what it left", arguments: TransactionProtocol.allCases)
    func fencing(version: TransactionProtocol) async throws {
        try await withProducer(version) { broker, first in
            try await first.produce(["lost"], to: Self.place)
            let second = TransactionalClient(first.client, id: "tx", version)
            try await second.initialize()
            #expect(second.producer.id == first.producer.id)
            #expect(second.producer.epoch == first.producer.epoch + 2, "one for the abort, one for the init")
            #expect(try await first.end(commits: true) == .producerFenced)
            #expect(try await first.end(commits: false) == .producerFenced)
            let late = try await first.produce(["late"], to: Self.place)
            #expect(late == (version == .first ? .producerFenced : .invalidProducerEpoch))
            #expect(try await first.send(["late"], to: Self.place) == .invalidProducerEpoch)
            #expect(
                try await first.commit(offset: 1, Self.place)
                    == (version == .first ? .producerFenced : .invalidProducerEpoch)
            )
            try await second.produce(["kept"], to: Self.place)
            try await second.end(commits: true)
            try await second.produce(["open"], to: Self.place)
            #expect(try await committed(broker) == ["kept"])
        }
    }

    @Test("requests before KIP-588 know INVALID_PRODUCER_EPOCH alone")
    func oldFence() async throws {
        try await withProducer(.first) { _, producer in
            let request = EndTransactionRequest(
                transactionalID: "tx",
                producerID: producer.producer.id,
                producerEpoch: producer.producer.epoch + 1
            )
            for (version, code) in [(Int16(1), ErrorCode.invalidProducerEpoch), (2, .producerFenced)] {
                let response = try await producer.client.send(request, version: version)
                #expect(response.errorCode == code)
            }
        }
    }

    @Test(
        "a batch of a partition that was not added is refused",
        arguments: [(Int16(10), ErrorCode.invalidTransactionState), (11, .transactionAbortable), (12, .none)]
    )
    func verification(version: Int16, expected: ErrorCode) async throws {
        try await withProducer(.first) { broker, producer in
            let code = try await producer.send(["a"], to: Self.place, version: version)
            #expect(code == expected)
            let state = try await broker.transaction(of: "tx")
            #expect(state?.partitions == (version == 12 ? ["orders-0"] : []))
        }
    }

    @Test("one wrong partition keeps the others out")
    func addingWrongPartitions() async throws {
        try await withProducer(.first) { broker, producer in
            let request = AddPartitionsToTransactionRequest(
                transactionalID: "tx",
                producerID: producer.producer.id,
                producerEpoch: producer.producer.epoch,
                topics: [.init(name: "orders", partitions: [0, 7]), .init(name: "none", partitions: [0])]
            )
            let response = try await producer.client.send(request, version: 3)
            #expect(
                response.topics.map { $0.partitions.map(\.errorCode) } == [
                    [.operationNotAttempted, .unknownTopicOrPartition], [.unknownTopicOrPartition],
                ]
            )
            #expect(try await broker.transaction(of: "tx")?.state == "Empty")
        }
    }

    @Test("impossible requests are refused")
    func impossible() async throws {
        try await withBroker { _, client in
            func expect(_ expected: ErrorCode, _ change: (inout InitProducerIDRequest) -> Void) async throws {
                var request = InitProducerIDRequest(transactionalID: "tx", transactionTimeoutMs: 1000)
                change(&request)
                #expect(try await client.send(request, version: 6).errorCode == expected)
            }
            try await expect(.invalidRequest) { $0.transactionalID = "" }
            try await expect(.invalidTransactionTimeout) { $0.transactionTimeoutMs = 0 }
            try await expect(.invalidTransactionTimeout) { $0.transactionTimeoutMs = 900_001 }
            try await expect(.none) { $0.transactionTimeoutMs = 900_000 }
            try await expect(.invalidRequest) { $0.producerID = 5 }
            try await expect(.unsupportedVersion) { $0.keepPreparedTxn = true }
            try await expect(.unsupportedVersion) { $0.enable2Pc = true }
            let unknown = EndTransactionRequest(transactionalID: "none", producerID: 1, producerEpoch: 0)
            #expect(try await client.send(unknown, version: 5).errorCode == .invalidProducerIDMapping)
        }
    }

    @Test("a transaction that is open for too long is aborted", arguments: TransactionProtocol.allCases)
    func timeout(version: TransactionProtocol) async throws {
        try await withProducer(version) { broker, producer in
            try await producer.produce(["a"], to: Self.place)
            try await broker.passTime(.milliseconds(30_000))
            #expect(try await broker.transaction(of: "tx")?.state == "Ongoing")
            try await broker.passTime(.milliseconds(31_000))
            #expect(try await producer.send(["late"], to: Self.place) == .invalidProducerEpoch)
            #expect(
                try await producer.end(commits: true)
                    == (version == .first ? .producerFenced : .invalidTransactionState)
            )
            #expect(try await producer.end(commits: false) == (version == .first ? .producerFenced : .none))
            #expect(try await committed(broker) == [])
            #expect(try await broker.lastStableOffset(topic: "orders", partition: 0) == 2)
            guard version == .second else { return }
            #expect(try await producer.produce(["again"], to: Self.place) == .none)
        }
    }

    @Test("an id that is idle for long is forgotten, and begins anew with another producer id")
    func expiration() async throws {
        try await withProducer(.first) { broker, producer in
            try await producer.produce(["a"], to: Self.place)
            try await producer.end(commits: true)
            _ = try await producer.add([Self.place])
            try await producer.end(commits: true)
            try await broker.passTime(.seconds(7 * 24 * 3600 + 1))
            #expect(try await broker.transaction(of: "tx") == nil)
            #expect(try await producer.add([Self.place]) == .invalidProducerIDMapping)
            let former = producer.producer
            try await producer.initialize()
            #expect(producer.producer.epoch == 0 && producer.producer.id > former.id)
        }
    }

    @Test("without markers the last transaction is not over: CONCURRENT_TRANSACTIONS")
    func heldMarkers() async throws {
        try await withProducer(.second) { broker, producer in
            try await broker.holdTransactionMarkers()
            try await producer.produce(["a"], to: Self.place)
            let former = producer.producer
            #expect(try await producer.end(commits: true) == .none)
            #expect(try await broker.transaction(of: "tx")?.state == "PrepareCommit")
            #expect(try await producer.send(["b"], to: Self.place) == .concurrentTransactions, "after some tries")
            #expect(try await producer.commit(offset: 1, Self.place) == .concurrentTransactions)
            let repeated = TransactionalClient(producer.client, id: "tx", .second)
            repeated.producer = former
            #expect(try await repeated.end(commits: true) == .concurrentTransactions)
            #expect(try await repeated.end(commits: false) == .invalidTransactionState)
            #expect(try await committed(broker) == [])
            try await broker.releaseTransactionMarkers()
            #expect(try await committed(broker) == ["a"])
            #expect(try await repeated.end(commits: true) == .none)
            #expect(repeated.producer == producer.producer)
            #expect(try await producer.send(["b"], to: Self.place) == .none)
        }
    }

    @Test("a batch without a transaction has no place in one, and a lost beginning is noticed")
    func orderOfBatches() async throws {
        try await withProducer(.second) { _, producer in
            try await producer.produce(["a"], to: Self.place)
            let plain = try TestBatch.make(
                ["b"],
                producerID: producer.producer.id,
                epoch: producer.producer.epoch,
                sequence: 1
            )
            let response = try await producer.client.send(ProduceRequest(plain, topic: "orders"), version: 12)
            #expect(response.single.errorCode == .invalidTransactionState)
            var request = ProduceRequest(
                try TestBatch.transactional(["c"], producer.producer, sequence: 4),
                topic: "orders",
                partition: 1
            )
            request.transactionalID = "tx"
            #expect(
                try await producer.client.send(request, version: 12).single.errorCode == .outOfOrderSequenceNumber
            )
        }
    }

    @Test("epochs that are used up give way to a new producer id, and nothing is lost")
    func usedUpEpochs() async throws {
        try await withProducer(.second, { $0.transactions.firstEpoch = 32_765 }) { broker, producer in
            let former = producer.producer
            for value in ["a", "b", "c"] {
                #expect(try await producer.produce([value], to: Self.place) == .none)
                #expect(try await producer.end(commits: true) == .none)
            }
            #expect(former.epoch == 32_765 && producer.producer.epoch == 1 && producer.producer.id != former.id)
            try await producer.produce(["open"], to: Self.place)
            #expect(try await committed(broker) == ["a", "b", "c"])
        }
    }

    @Test("a topic that is deleted drops out of its transaction")
    func deletedTopic() async throws {
        try await withProducer(.first) { broker, producer in
            try await producer.produce(["a"], to: Self.place)
            try await broker.delete(topic: "orders")
            #expect(try await producer.end(commits: true) == .none)
            while try await producer.end(commits: true) == .concurrentTransactions {}
            #expect(try await broker.transaction(of: "tx")?.state == "CompleteCommit")
        }
    }

    @Test("a client's transaction may have the batches of one producer only")
    func mixedProducers() async throws {
        try await withProducer(.second) { _, producer in
            var request = ProduceRequest(
                try TestBatch.transactional(["a"], producer.producer, sequence: 0),
                topic: "orders"
            )
            let stranger = ProducerIdentity(producer.producer.id + 1, 0)
            request.topicData[0].partitionData.append(
                .init(index: 1, records: try TestBatch.transactional(["b"], stranger, sequence: 0))
            )
            request.transactionalID = "tx"
            let response = try await producer.client.send(request, version: 12)
            let codes = response.responses.flatMap { $0.partitionResponses.map(\.errorCode) }
            #expect(codes == [.invalidProducerIDMapping, .invalidProducerIDMapping])
        }
    }

    @Test("transactions are described and listed")
    func description() async throws {
        try await withProducer(.second) { _, producer in
            try await producer.produce(["a"], to: Self.place)
            try await producer.commit(offset: 3, Self.place)
            let request = DescribeTransactionsRequest(transactionalIDs: ["tx", "none"])
            let states = try await producer.client.send(request, version: 0).transactionStates
            #expect(states.map(\.errorCode) == [.none, .transactionalIDNotFound])
            #expect(states[0].transactionState == "Ongoing" && states[0].transactionTimeoutMs == 60_000)
            #expect(states[0].topics.map(\.topic) == ["__consumer_offsets", "orders"])
            #expect(states[0].producerID == producer.producer.id && states[0].transactionStartTimeMs > 0)
            for (filter, count) in [("Ongoing", 1), ("Empty", 0), ("Nonsense", 0)] {
                let list = ListTransactionsRequest(stateFilters: [filter])
                let listed = try await producer.client.send(list, version: 1)
                #expect(listed.transactionStates.count == count)
                #expect(listed.unknownStateFilters == (filter == "Nonsense" ? ["Nonsense"] : []))
            }
        }
    }

    @Test("the log of a Kafka 3.9 broker is read, committed and not, as Kafka's consumer read it")
    func kafkaLog() async throws {
        try await withTemporaryDirectory { directory in
            for partition in 0..<2 { _ = try KafkaLog.copy(partition, to: directory) }
            try await withBroker {
                $0.dataDirectory = directory
            } _: { broker, _ in
                for partition in 0..<2 {
                    let all = try await broker.records(topic: "fixture", partition: partition)
                    #expect(all.map(\.offset) == (try KafkaLog.offsets("all", partition: partition)))
                    let committed = try await broker.committedRecords(topic: "fixture", partition: partition)
                    #expect(committed.map(\.offset) == (try KafkaLog.offsets("committed", partition: partition)))
                }
            }
        }
    }
}

extension Array {
    /// The elements' results, one after the other.
    func asyncMap<Result>(_ body: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await body(element)) }
        return results
    }
}
