// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing

/// Batches are held against those of the official Java client.
@Suite("Record batch Vectors")
struct RecordBatchVectorTests {
    @Test(
        "an uncompressed batch is encoded to the Java client's bytes",
        arguments: try RecordBatchVectors.loadUncompressed()
    )
    func encode(entry: RecordBatchVectors.Entry) throws {
        var batch = try entry.contents().sealed()
        batch.stamp(
            producerID: entry.producerId,
            producerEpoch: entry.producerEpoch,
            baseSequence: entry.baseSequence,
            isTransactional: entry.transactional
        )
        #expect(batch.buffer.hex == entry.hex)
    }

    @Test("the records of an uncompressed batch are read", arguments: try RecordBatchVectors.loadUncompressed())
    func decode(entry: RecordBatchVectors.Entry) throws {
        let reader = try RecordBatchReader(ByteBuffer(bytes: entry.bytes))
        let records = try reader.records()
        #expect(records.map { .init($0, in: reader.header) } == entry.records)
    }
}
