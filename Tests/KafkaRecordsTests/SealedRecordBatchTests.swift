// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import KafkaRecords
import NIOCore
import Testing

@Suite("A sealed batch")
struct SealedRecordBatchTests {
    static func batch(of count: Int) -> SealedRecordBatch {
        var builder = RecordBatchBuilder(reusing: ByteBuffer(), limit: 1 << 24)
        for index in 0..<count {
            _ = builder.append(nil, [UInt8](repeating: UInt8(index & 0xFF), count: 100), timestamp: Int64(index))
        }
        return builder.finish().sealed()
    }

    @Test("is valid before anything is stamped, from a producer without id")
    func unstamped() throws {
        let reader = try RecordBatchReader(Self.batch(of: 3).buffer)
        #expect(reader.header.producerID == -1)
        #expect(reader.header.producerEpoch == -1)
        #expect(reader.header.baseSequence == -1)
        #expect(!reader.header.hasProducerID)
        #expect(!reader.header.isTransactional)
        #expect(reader.header.partitionLeaderEpoch == -1)
        #expect(reader.header.baseOffset == 0)
        #expect(reader.header.lastSequence == -1)
    }

    @Test("is valid after each of several stamps, whatever its size", arguments: [1, 2, 60, 600, 6000])
    func stamps(count: Int) throws {
        var batch = Self.batch(of: count)
        for epoch in [Int16(0), 1, .max] {
            batch.stamp(producerID: 1 << 40, producerEpoch: epoch, baseSequence: 77, isTransactional: epoch == 1)
            let reader = try RecordBatchReader(batch.buffer)
            #expect(reader.header == batch.header)
            #expect(reader.header.producerID == 1 << 40)
            #expect(reader.header.producerEpoch == epoch)
            #expect(reader.header.baseSequence == 77)
            #expect(reader.header.lastSequence == 77 + Int32(count) - 1)
            #expect(reader.header.isTransactional == (epoch == 1))
            #expect(try reader.records().count == count)
        }
    }

    @Test("is stamped where it lies")
    func inPlace() {
        var batch = Self.batch(of: 10)
        let before = batch.buffer.address
        batch.stamp(producerID: 1, producerEpoch: 2, baseSequence: 3)
        let after = batch.buffer.address
        #expect(before == after)
    }

    @Test("the last sequence number goes on from 0 after 2^31 - 1")
    func sequenceWrap() {
        var batch = Self.batch(of: 3)
        batch.stamp(producerID: 1, producerEpoch: 0, baseSequence: .max - 1)
        #expect(batch.header.lastSequence == 0)
    }

    @Test("a broker assigns offset and leader epoch without touching the checksum")
    func assign() throws {
        let batch = Self.batch(of: 3)
        var buffer = batch.buffer
        RecordBatchHeader.assign(baseOffset: 1 << 33, partitionLeaderEpoch: 9, in: &buffer)
        let reader = try RecordBatchReader(buffer)
        #expect(reader.header.baseOffset == 1 << 33)
        #expect(reader.header.partitionLeaderEpoch == 9)
        #expect(reader.header.lastOffset == 1 << 33 + 2)
        #expect(try reader.records().map { reader.header.offset(of: $0) } == [1 << 33, 1 << 33 + 1, 1 << 33 + 2])
    }
}
