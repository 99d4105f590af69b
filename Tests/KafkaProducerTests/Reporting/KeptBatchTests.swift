// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaProducer

/// A failed batch that outlives its report.
@Suite("Kept batches")
struct KeptBatchTests {
    private let error = ProducerError(.broker(.messageTooLarge), message: "too large")

    @Test("its records are read after the batch's memory was given back and written over")
    func outlivesMemory() throws {
        let pool = BufferPool(capacity: 1 << 20)
        let batch = PartitionQueue.test(partition: 3).batch(of: ["one", "two", "three"])
        let report = DeliveryReport(
            outcome: .failed(error),
            broker: nil,
            batch: batch,
            recordErrors: [:],
            endedAt: .uptimeNanoseconds(0)
        )
        let lent = report.kept()
        let kept = try #require(lent)
        let size = batch.wireSize
        pool.release(0, buffer: batch.takeBuffer())
        var reused = pool.buffer(capacity: size)
        reused.writeRepeatingByte(0xFF, count: size)
        _ = batch.takeTags()
        let records = try kept.records()
        #expect(records.map(\.value) == ["one", "two", "three"].map { Array($0.utf8) })
        #expect(records.allSatisfy { $0.topic == "t" && $0.partition == 3 })
        #expect(kept.recordCount == 3 && kept.partition == 3 && kept.keptBytes >= size)
    }

    @Test("a record's own error comes before the batch's, and a delivered batch is not kept")
    func errors() throws {
        let batch = PartitionQueue.test().batch(ofRecords: 2)
        let own = ProducerError(.broker(.invalidTimestamp), message: "late")
        let failed = DeliveryReport(
            outcome: .failed(error),
            broker: nil,
            batch: batch,
            recordErrors: [1: own],
            endedAt: .uptimeNanoseconds(0)
        )
        let lent = failed.kept()
        let kept = try #require(lent)
        #expect(kept.error(ofRecord: 0) == error && kept.error(ofRecord: 1) == own)
        let delivered = DeliveryReport(
            outcome: .delivered(baseOffset: 0, logAppendTime: nil),
            broker: nil,
            batch: batch,
            recordErrors: [:],
            endedAt: .uptimeNanoseconds(0)
        )
        let none = delivered.kept()
        #expect(none == nil)
    }
}
