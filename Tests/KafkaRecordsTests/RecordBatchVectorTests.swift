// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaProtocol
import KafkaRecords
import NIOCore
import Testing
import Vectors

/// Batches are held against those of the official Java client.
@Suite("Record batch Vectors")
struct RecordBatchVectorTests {
    @Test(
        "an uncompressed batch is encoded to the Java client's bytes",
        arguments: try RecordBatchVectors.loadUncompressed()
    )
    func encode(entry: RecordBatchVectors.Entry) throws {
        var batch = try entry.contents().sealed()
        batch.stamp(entry)
        #expect(batch.buffer.hex == entry.hex)
    }

    @Test("the records of a batch are read in every codec", arguments: try RecordBatchVectors.load())
    func decode(entry: RecordBatchVectors.Entry) throws {
        let reader = try RecordBatchReader(ByteBuffer(bytes: entry.bytes))
        #expect(reader.compressionType.name == entry.codec)
        #expect(reader.header.producerID == entry.producerId)
        #expect(reader.header.producerEpoch == entry.producerEpoch)
        #expect(reader.header.baseSequence == entry.baseSequence)
        #expect(reader.header.isTransactional == entry.transactional)
        #expect(reader.header.maxTimestamp == entry.records.map(\.timestamp).max())
        let records = try reader.decompressedRecords()
        #expect(records.map { .init($0, in: reader.header) } == entry.records)
        #expect(records.map { Int($0.offsetDelta) } == Array(entry.records.indices))
    }

    @Test("a batch compressed here holds the same records", arguments: try RecordBatchVectors.load())
    func compress(entry: RecordBatchVectors.Entry) throws {
        let contents = try entry.contents()
        for codec in [Codec.gzip(), .snappy, .lz4(), .zstd()] {
            var batch = try contents.sealed(with: codec)
            batch.stamp(entry)
            let reader = try RecordBatchReader(batch.buffer)
            #expect(reader.compressionType.name == codec.name.rawValue)
            #expect(try reader.decompressedRecords().map { .init($0, in: reader.header) } == entry.records)
        }
    }

    @Test("every truncation of a batch throws", arguments: try RecordBatchVectors.load())
    func truncations(entry: RecordBatchVectors.Entry) throws {
        let whole = ByteBuffer(bytes: entry.bytes)
        for count in 0..<whole.readableBytes {
            let prefix = try #require(whole.getSlice(at: 0, length: count))
            guard (try? RecordBatchReader(prefix)) == nil else {
                Issue.record("\(count) bytes pass for a batch")
                return
            }
            var splitter = RecordBatchSplitter(prefix)
            guard try splitter.next() == nil, splitter.remaining.readableBytes == count else {
                Issue.record("\(count) bytes are not left over")
                return
            }
        }
    }

    @Test("every truncation of the records throws", arguments: try RecordBatchVectors.loadUncompressed())
    func recordTruncations(entry: RecordBatchVectors.Entry) throws {
        let reader = try RecordBatchReader(ByteBuffer(bytes: entry.bytes))
        let section = reader.recordsSection
        // All records are read for each cut: large batches are cut in fewer places.
        let step = entry.records.count > 20 ? 61 : 1
        for count in stride(from: 0, to: section.readableBytes, by: step) {
            let prefix = try #require(section.getSlice(at: section.readerIndex, length: count))
            var iterator = reader.makeIterator(decompressed: prefix)
            let error = #expect(throws: RecordBatchError.self) { while try iterator.skip() {} }
            guard case .invalidRecord = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test("batches one after the other are taken apart, and a cut one is left over")
    func split() throws {
        let entries = try RecordBatchVectors.load()
        var all = ByteBuffer()
        for entry in entries { all.writeBytes(entry.bytes) }
        let cut = try #require(entries.last).bytes.dropLast()
        all.writeBytes(cut)

        var splitter = RecordBatchSplitter(all)
        for entry in entries {
            let reader = try #require(try splitter.next())
            #expect(reader.buffer.hex == entry.hex)
        }
        #expect(try splitter.next() == nil)
        #expect(splitter.remaining.readableBytes == cut.count)
    }
}
