// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaProtocol
import KafkaRecords
import Logging
import NIOCore
import Testing

@testable import KafkaEmbeddedBroker

@Suite("A start after a stop in order")
struct CleanStartTests {
    private static let marker = ".kafka_cleanshutdown"
    private static let segment = "t-0/00000000000000000000.log"

    private func run(
        _ path: String,
        _ body: @escaping @Sendable (EmbeddedBroker, TestClient) async throws -> Void = { _, _ in }
    ) async throws {
        try await withBroker {
            $0.dataDirectory = path
            $0.topics = ["t": 1]
        } _: { broker, client in
            try await body(broker, client)
        }
    }

    /// Two batches of three records.
    private func fill(_ path: String) async throws {
        try await run(path) { _, client in
            for _ in 0..<2 { try await client.append(TestBatch.make(), topic: "t") }
        }
    }

    /// Changes one byte of the second batch's records, which only its checksum tells.
    private func damage(_ path: String) throws {
        let url = URL(fileURLWithPath: path + "/" + Self.segment)
        var bytes = try Data(contentsOf: url)
        bytes[bytes.count - 2] ^= 0xFF
        try bytes.write(to: url)
    }

    private func end(_ path: String) async throws -> Int64 {
        try await withBroker {
            $0.dataDirectory = path
        } _: { broker, _ in
            try await broker.logEndOffset(topic: "t", partition: 0)
        }
    }

    @Test("logs are not read, and are after a broker that was killed")
    func notRead() async throws {
        try await withTemporaryDirectory { path in
            try await fill(path)
            #expect(FileManager.default.fileExists(atPath: path + "/" + Self.marker))
            try damage(path)
            #expect(try await end(path) == 6, "nobody has looked")
            try FileManager.default.removeItem(atPath: path + "/" + Self.marker)
            #expect(try await end(path) == 3, "a batch whose checksum is wrong is a torn tail")
        }
    }

    @Test("while a broker runs nothing says that it was stopped")
    func running() async throws {
        try await withTemporaryDirectory { path in
            try await fill(path)
            try await run(path) { _, _ in #expect(!FileManager.default.fileExists(atPath: path + "/" + Self.marker)) }
            #expect(FileManager.default.fileExists(atPath: path + "/" + Self.marker))
        }
    }

    @Test("a log whose size is another one is read")
    func otherSize() async throws {
        try await withTemporaryDirectory { path in
            try await fill(path)
            let file = try File.open(path + "/" + Self.segment)
            let size = try file.size()
            try file.truncate(to: size - 1)
            #expect(try await end(path) == 3)
        }
    }

    @Test("a snapshot that was damaged says nothing, wherever it was cut or changed")
    func damagedSnapshot() throws {
        let log = try PartitionLog(options: .init(directory: nil, segmentBytes: 1), logger: .silent)
        for sequence in 0..<3 {
            let bytes = try TestBatch.keyed(
                [("k", "v")],
                producer: ProducerIdentity(5, 1),
                sequence: Int32(sequence),
                isTransactional: true
            )
            _ = try log.append(CheckedBatch(bytes: bytes, header: .init(decoding: bytes)), leaderEpoch: 0)
        }
        var snapshot = LogSnapshot()
        snapshot.segments = log.segments.map(\.snapshot)
        snapshot.producers = log.producers
        snapshot.transactions = log.transactions
        snapshot.compacted = CompactionMark(end: 2, nextHorizon: 9)
        let bytes = snapshot.bytes
        let read = try #require(LogSnapshot(bytes: bytes))
        #expect(read.segments == snapshot.segments && read.compacted == snapshot.compacted)
        #expect(read.transactions.stableOffset(end: 9) == 0 && read.producers.largestProducerID == 5)
        #expect(read.producers.verdict(on: .init(producerID: 5, epoch: 1, first: 1, last: 1)) != .append)
        for index in 0..<bytes.readableBytes {
            #expect(LogSnapshot(bytes: bytes.getSlice(at: 0, length: index) ?? bytes) == nil)
            var changed = bytes
            changed.setInteger((bytes.getInteger(at: index, as: UInt8.self) ?? 0) ^ 0x10, at: index)
            #expect(LogSnapshot(bytes: changed) == nil)
        }
    }

    @Test("producers, transactions and what was aborted are known as before")
    func state() async throws {
        try await withTemporaryDirectory { path in
            let place = TransactionPartition("t", 0)
            try await run(path) { broker, client in
                let producer = TransactionalClient(client, id: "a", .second)
                try await producer.initialize()
                try await producer.produce(["x"], to: place)
                try await producer.end(commits: false)
                try await producer.produce(["y"], to: place)
            }
            try await run(path) { broker, client in
                #expect(try await broker.lastStableOffset(topic: "t", partition: 0) == 2)
                var request = FetchRequest(topic: "t")
                request.isolationLevel = 1
                let fetched = try await client.send(request, version: 12).single
                #expect(fetched.abortedTransactions?.map(\.firstOffset) == [0])
                #expect(try await broker.transaction(of: "a")?.state == "Ongoing")
            }
        }
    }
}
