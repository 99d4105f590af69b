// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaProtocol
import KafkaRecords
import NIOCore
import Testing

@testable import KafkaProducer

/// That `buffer.memory` bounds all that grows with what is under way, not only the bytes of batches.
@Suite("The bound of memory", .timeLimit(.minutes(10)))
struct MemoryBoundTests {
    private static let capacity = 1 << 20

    /// Fills batches with short records that compress to next to nothing, and takes them, sealed.
    private func batches(_ bench: TestAccumulator) async throws -> [ProducerBatch] {
        let appender = bench.appender(.explicit(0))
        var line: UInt64 = 0
        while line < 20_000, appender.append("x", line: line) == .appended { line += 1 }
        return try await bench.takeBatches()
    }

    @Test("of records that compress well, what is kept of their places counts", arguments: [Codec.zstd(), .lz4()])
    func places(codec: Codec) async throws {
        let bench = TestAccumulator(bufferMemory: Self.capacity, codec: codec)
        defer { bench.close() }
        let batches = try await batches(bench)
        let pool = bench.accumulator.pool
        #expect(!batches.isEmpty)
        for batch in batches {
            let size = try #require(batch.sealed?.buffer.storageCapacity)
            #expect(batch.tags.bytes >= batch.recordCount * 8)
            #expect(batch.reservedBytes == size + batch.tags.bytes)
        }
        // A worker gives back what it has freed after the batch is sealed.
        try await bench.wait { pool.available == Self.capacity - batches.reduce(0) { $0 + $1.reservedBytes } }
        for batch in batches { bench.accumulator.release(batch) }
        #expect(pool.available == Self.capacity)
    }

    @Test("what is kept to be used again is bounded too")
    func spares() async throws {
        let bench = TestAccumulator(batchSize: 16, bufferMemory: Self.capacity, codec: .zstd())
        defer { bench.close() }
        for _ in 0..<5 { for batch in try await batches(bench) { bench.accumulator.release(batch) } }
        #expect(bench.accumulator.sparePositionBytes > 0)
        #expect(bench.accumulator.sparePositionBytes <= Self.capacity / 8)
        bench.accumulator.dropSpares()
        #expect(bench.accumulator.sparePositionBytes == 0 && bench.accumulator.pool.spareBytes == 0)
    }
}
