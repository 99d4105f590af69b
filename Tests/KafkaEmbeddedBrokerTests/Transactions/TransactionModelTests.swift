// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProtocol
import KafkaReader
import NIOCore
import RandomNumbers
import Testing

@testable import KafkaEmbeddedBroker

/// Random transactions of several producers, beside a model of what a reader gets.
@Suite("Transactions: a model")
struct TransactionModelTests {
    private static let partitions = 2

    /// What was written, and how its transaction ended.
    fileprivate struct Model {
        struct Written {
            var offset: Int64
            var value: String
            /// nil without a transaction.
            var transaction: Int?
        }

        var logs = Array(repeating: [Written](), count: partitions)
        var committed: Set<Int> = []
        var open: Set<Int> = []

        /// What a reader of committed records gets of a partition, from an offset on.
        func committed(_ partition: Int, from start: Int64) -> [String] {
            let log = logs[partition]
            let end = log.first { $0.transaction.map(open.contains) ?? false }?.offset ?? .max
            return log.filter { written in
                written.offset >= start && written.offset < end
                    && (written.transaction.map(committed.contains) ?? true)
            }.map { "\($0.offset) \($0.value)" }
        }
    }

    @Test(
        "a reader gets from every offset what the model says",
        arguments: TransactionProtocol.allCases,
        [UInt64(1), 2, 3]
    )
    func randomTransactions(version: TransactionProtocol, seed: UInt64) async throws {
        try await withBroker {
            $0.topics = ["t": Self.partitions]
            $0.transactions.version = version
            // Segments end within transactions.
            $0.segmentBytes = 1500
        } _: { broker, client in
            var random = SplitMix64(seed: seed)
            let model = try await write(client, version, &random)
            let ports = broker.ports.map { BrokerAddress(nodeID: nil, host: "127.0.0.1", port: $0) }
            let reader = try KafkaReader(ReaderConfiguration(bootstrap: ports), logger: .silent)
            for partition in 0..<Self.partitions {
                let end = try await broker.lastStableOffset(topic: "t", partition: partition)
                for start in 0...end {
                    let read = try await read(reader, partition, from: start)
                    #expect(read == model.committed(partition, from: start), "\(partition) from \(start)")
                }
                let direct = try await broker.committedRecords(topic: "t", partition: partition)
                #expect(direct.map(\.text) == model.committed(partition, from: 0))
            }
            await reader.close()
        }
    }

    private func read(_ reader: KafkaReader, _ partition: Int, from start: Int64) async throws -> [String] {
        var read: [String] = []
        let records = try reader.read("t", partition: Int32(partition), from: .offset(start), isolation: .readCommitted)
        for try await batch in records {
            read += batch.map { "\($0.offset) \($0.value.map { String(buffer: $0) } ?? "null")" }
        }
        return read
    }

    private func write(
        _ client: TestClient,
        _ version: TransactionProtocol,
        _ random: inout SplitMix64
    ) async throws -> Model {
        var model = Model()
        var producers: [(client: TransactionalClient, open: Int?)] = []
        for number in 0..<3 {
            let producer = TransactionalClient(client, id: "tx-\(number)", version)
            // No transaction of the model ends by its time, however long the test waits for its turn.
            try await producer.initialize(timeout: 900_000)
            producers.append((producer, nil))
        }
        var transactions = 0
        for step in 0..<120 {
            let index = Int.random(in: producers.indices, using: &random)
            let producer = producers[index].client
            let place = TransactionPartition("t", Int32.random(in: 0..<Int32(Self.partitions), using: &random))
            let values = (0..<Int.random(in: 1...3, using: &random)).map { "\(step).\($0)" }
            switch Int.random(in: 0..<10, using: &random) {
            case 0:
                let batch = try TestBatch.make(values)
                let request = ProduceRequest(batch, topic: "t", partition: place.index)
                let offset = try await client.send(request, version: 9).single.baseOffset
                model.note(values, at: offset, place.index, transaction: nil)
            case 1...3:
                guard let transaction = producers[index].open else { continue }
                let commits = Bool.random(using: &random)
                #expect(try await producer.end(commits: commits) == .none)
                if commits { model.committed.insert(transaction) }
                model.open.remove(transaction)
                producers[index].open = nil
            default:
                if producers[index].open == nil {
                    producers[index].open = transactions
                    model.open.insert(transactions)
                    transactions += 1
                }
                try #require(try await producer.produce(values, to: place) == .none)
                model.note(values, at: producer.lastOffset, place.index, transaction: producers[index].open)
            }
        }
        // The markers of what was decided are there when the next transaction may begin.
        for (producer, open) in producers where open == nil { _ = try await producer.initialize() }
        return model
    }
}

extension TransactionModelTests.Model {
    fileprivate mutating func note(_ values: [String], at offset: Int64, _ partition: Int32, transaction: Int?) {
        for (index, value) in values.enumerated() {
            logs[Int(partition)].append(.init(offset: offset + Int64(index), value: value, transaction: transaction))
        }
    }
}

extension StoredRecord {
    /// Offset and value.
    fileprivate var text: String { "\(offset) \(value.map { String(buffer: $0) } ?? "null")" }
}
