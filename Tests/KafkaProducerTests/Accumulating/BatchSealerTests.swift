// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaProtocol
import KafkaRecords
import NIOCore
import Testing

@testable import KafkaProducer

/// Batches made final, at once or by workers.
@Suite("BatchSealer", .timeLimit(.minutes(10)))
struct BatchSealerTests {
    private let queue = PartitionQueue.test()

    private func unsealed(_ values: [String]) -> ProducerBatch {
        ProducerBatch(closing: queue.openBatch(of: values), queue: queue)
    }

    @Test("without compression a batch is final at once")
    func uncompressed() throws {
        let sealer = BatchSealer(codec: nil, pool: BufferPool(capacity: 1000), workers: 2) { _ in
            Issue.record("there is nobody to be told")
        }
        let batch = unsealed(["a", "b"])
        #expect(!batch.isSealed)
        sealer.seal(batch)
        #expect(batch.isSealed)
        #expect(try batch.values() == ["a", "b"])
    }

    @Test("workers seal all batches, however many there are", arguments: [1, 2, 4])
    func workers(count: Int) async throws {
        let notifier = Notifier()
        let pool = BufferPool(capacity: 1 << 24)
        let sealer = BatchSealer(codec: .lz4(), pool: pool, workers: count) { _ in notifier.notify() }
        defer { sealer.close() }
        let batches = (0..<100).map { unsealed(["first of \($0)", "second of \($0)"]) }
        for batch in batches {
            _ = pool.reserve(batch.reservedBytes)
            sealer.seal(batch)
        }
        try await notifier.wait { batches.allSatisfy(\.isSealed) }
        for (index, batch) in batches.enumerated() {
            #expect(try batch.values() == ["first of \(index)", "second of \(index)"])
        }
        #expect(batches.allSatisfy { $0.sealingError == nil })
    }

    @Test("a batch that cannot be compressed keeps its records, so that dead letters have them")
    func failed() async throws {
        let notifier = Notifier()
        let pool = BufferPool(capacity: 1 << 24)
        // There is no such level.
        let sealer = BatchSealer(codec: .gzip(level: 99), pool: pool, workers: 1) { _ in notifier.notify() }
        defer { sealer.close() }
        let batch = unsealed(["one", "two"])
        _ = pool.reserve(batch.reservedBytes)
        sealer.seal(batch)
        try await notifier.wait { batch.isSealed }
        #expect(batch.sealingError != nil)
        #expect(try batch.values() == ["one", "two"])
    }

    @Test("a batch is stamped when it is sent, once or with another sequence")
    func stamps() throws {
        let batch = queue.batch(of: ["a", "b"])
        #expect(batch.sealed?.header.producerID == -1)
        for epoch in Int16(0)...1 {
            let sequence = BatchSequence(producerID: 7, producerEpoch: epoch, baseSequence: 5)
            batch.stamp(sequence)
            batch.stamp(sequence)
            let buffer = try #require(batch.sealed?.buffer)
            let header = try RecordBatchReader(buffer).header
            #expect(header.producerID == 7 && header.producerEpoch == epoch && header.baseSequence == 5)
        }
    }
}
