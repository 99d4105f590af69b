// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaProtocol
import KafkaRecords
import NIOCore
import Synchronization
import Testing

@testable import KafkaProducer

/// A batch that the broker found too large, in parts.
@Suite("ProducerBatchDividing", .timeLimit(.minutes(10)))
struct ProducerBatchDividingTests {
    private let values = (0..<20).map { index in
        String(repeating: "x", count: 100 - "\(index)".count) + "\(index)"
    }
    private let limits = RecordAccumulator.Limits(
        batchSize: 1024,
        maxRequestSize: 1 << 20,
        codec: nil,
        readiness: .test
    )

    /// The values of parts that are not sealed yet.
    private func values(of parts: [ProducerBatch]) throws -> [[String]] {
        try parts.map { part in
            if let contents = part.takeContents() { part.becameSealed(.success(contents.sealed())) }
            return try part.values()
        }
    }

    @Test("the parts hold the same records in order, each within batch.size")
    func order() throws {
        let batch = PartitionQueue.test().batch(of: values)
        let parts = try batch.divided(limits: limits)
        #expect(parts.map(\.recordCount) == [8, 8, 4])
        #expect(try values(of: parts).flatMap { $0 } == values)
        #expect(parts.allSatisfy { $0.wireSize <= 1024 })
        #expect(parts.reduce(0) { $0 + $1.byteCount } == batch.byteCount)
    }

    @Test("the parts have no number yet: the table of partitions shares the batch's out among them")
    func noSequence() throws {
        let batch = PartitionQueue.test().batch(of: values)
        var sequences = PartitionSequences()
        batch.ticket = sequences.assign(recordCount: batch.recordCount, id: 7, epoch: 3)
        let parts = try batch.divided(limits: limits)
        #expect(parts.allSatisfy { $0.ticket == nil })
    }

    @Test("the parts are as old as the batch, are waited for as it was, and were not sent yet")
    func age() throws {
        let created = NIODeadline.uptimeNanoseconds(77)
        let batch = PartitionQueue.test().batch(of: values, id: 5, createdAt: created)
        batch.attempts = 3
        let parts = try batch.divided(limits: limits)
        #expect(parts.allSatisfy { $0.createdAt == created && $0.id == 5 && $0.attempts == 0 })
    }

    @Test("those who wait for single records wait for the part that holds theirs")
    func completions() throws {
        let batch = PartitionQueue.test().batch(of: values)
        batch.completions = [0, 9, 19].map { index in
            PendingCompletion(index: index, timestamp: Int64(index)) { _ in }
        }
        let parts = try batch.divided(limits: limits)
        #expect(parts.map { $0.completions.map(\.index) } == [[0], [1], [3]])
        #expect(parts.flatMap { $0.completions.map(\.timestamp) } == [0, 9, 19])
    }

    @Test("tags, keys, headers and timestamps stay with their records", arguments: [nil, Codec.zstd(), .snappy])
    func details(codec: Codec?) async throws {
        let test = TestAccumulator(batchSize: 1 << 16, codec: codec)
        defer { test.close() }
        let appender = test.appender(.explicit(0))
        let headers = EncodedHeaders([RecordHeader(name: "h", text: "v")])
        for (line, value) in values.enumerated() {
            let bytes = Array(value.utf8)
            let outcome = appender.append(
                key: line % 2 == 0 ? nil : bytes.span,
                value: line % 3 == 0 ? nil : bytes.span,
                details: RecordDetails(
                    headers: line % 4 == 0 ? .none : headers,
                    timestamp: Int64(1000 - line),
                    tag: RecordTag(number: UInt64(line), offset: UInt64(line) * 10)
                )
            )
            #expect(outcome == .appended)
        }
        let batch = try #require(try await test.takeBatches().first)
        let records = try batch.readRecords()
        #expect(records.count == 20 && records[5].timestamp == 995 && records[5].headers.count == 1)
        let parts = try batch.divided(limits: limits)
        #expect(parts.count > 1)
        var read: [ProducerRecord] = []
        for part in parts {
            for index in 0..<part.recordCount {
                let line = UInt64(read.count + index)
                #expect(part.tags[index] == RecordTag(number: line, offset: line * 10))
            }
            if let contents = part.takeContents() { part.becameSealed(.success(contents.sealed())) }
            read += try part.readRecords()
        }
        #expect(read == records)
    }

    @Test("a record that is larger than batch.size gets a part of its own")
    func largeRecord() throws {
        let large = String(repeating: "y", count: 3000)
        let batch = PartitionQueue.test().batch(of: ["a", large, large, "b"])
        let parts = try batch.divided(limits: limits)
        #expect(try values(of: parts).flatMap { $0 } == ["a", large, large, "b"])
        #expect(parts.count >= 3)
    }

    @Test("a batch within batch.size, which is too large for its topic all the same, is divided in the middle")
    func withinBatchSize() throws {
        let batch = PartitionQueue.test().batch(of: ["a", "b", "c", "d", "e"])
        let parts = try batch.divided(limits: limits)
        #expect(try values(of: parts) == [["a", "b"], ["c", "d", "e"]])
    }
}
