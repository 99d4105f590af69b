// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import KafkaCompression
import KafkaProtocol
import KafkaRecords
import NIOCore
import Testing

@testable import KafkaProducer

/// Batches that workers compress.
@Suite("CompressedAppend", .timeLimit(.minutes(10)))
struct CompressedAppendTests {
    private static let codecs: [Codec?] = [nil, .gzip(), .snappy, .lz4(), .zstd()]
    private let value = String(repeating: "abcdefghij", count: 10)

    /// Records with and without key, value and headers, the same in every run.
    private func records(_ count: Int) -> [ProducerRecord] {
        let headers = [
            ProducerRecordHeader(name: "name", value: Array("value".utf8)), ProducerRecordHeader(name: "", value: nil),
            ProducerRecordHeader(name: "name", value: []),
        ]
        var random = SplitMix64(seed: 4)
        return (0..<count).map { index in
            var record = ProducerRecord(topic: "t", partition: 0, value: nil)
            if index % 3 != 0 { record.key = bytes(index % 7, upTo: 255, &random) }
            if index % 5 != 0 { record.value = bytes(index % 90, upTo: 9, &random) }
            if index % 4 == 0 { record.headers = headers }
            record.timestamp = 1_700_000_000_000 + Int64(index * index % 50) - 25
            return record
        }
    }

    private func bytes(_ count: Int, upTo largest: UInt8, _ random: inout SplitMix64) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<count { bytes.append(UInt8.random(in: 0...largest, using: &random)) }
        return bytes
    }

    @Test("batches hold what was appended, bit by bit, with every codec", arguments: codecs)
    func contents(codec: Codec?) async throws {
        let test = TestAccumulator(batchSize: 512, codec: codec)
        defer { test.close() }
        let records = records(200)
        let appender = test.appender(.explicit(0))
        for record in records {
            let outcome = withOptionalSpan(record.key) { key in
                withOptionalSpan(record.value) { value in
                    appender.append(
                        key: key,
                        value: value,
                        details: RecordDetails(
                            headers: EncodedHeaders(record.headers),
                            timestamp: record.timestamp ?? 0,
                            tag: RecordTag(number: 0, offset: 0)
                        )
                    )
                }
            }
            #expect(outcome == .appended)
        }
        let batches = try await test.takeBatches()
        #expect(batches.count > 10)
        var read: [ProducerRecord] = []
        for batch in batches {
            let buffer = try #require(batch.sealed?.buffer)
            let reader = try RecordBatchReader(buffer)
            #expect(reader.compressionType == codec.map { CompressionType($0.name) } ?? .none)
            #expect(Int(reader.header.recordCount) == batch.recordCount)
            read += try batch.readRecords()
            #expect(batch.wireSize == buffer.readableBytes)
        }
        #expect(read == records)
        for batch in batches { test.accumulator.release(batch) }
        #expect(test.accumulator.pool.available == test.accumulator.pool.capacity)
        #expect(test.accumulator.incomplete.count == 0)
    }

    @Test("a batch takes as many records as are expected to come to batch.size")
    func expectedSize() async throws {
        let test = TestAccumulator(batchSize: 1024, codec: .lz4())
        defer { test.close() }
        let appender = test.appender(.explicit(0))
        for _ in 0..<200 { test.topic.estimator.update(observed: 0.1) }
        for _ in 0..<200 { #expect(appender.append(value) == .appended) }
        let batches = try await test.takeBatches()
        // 963 / (0.1 × 1.05) = 9171 bytes of records at 109 or 110 bytes each.
        #expect((82...84).contains(batches[0].recordCount), "\(batches.map(\.recordCount))")
        #expect(batches.allSatisfy { $0.wireSize < 1024 })
    }

    @Test("a batch that is expected to shrink takes no more than a sixteenth of memory")
    func bounded() async throws {
        let test = TestAccumulator(batchSize: 1024, bufferMemory: 32 * 1024, codec: .lz4())
        defer { test.close() }
        let appender = test.appender(.explicit(0))
        for _ in 0..<200 { test.topic.estimator.update(observed: 0.1) }
        for _ in 0..<40 { #expect(appender.append(value) == .appended) }
        let batches = try await test.takeBatches()
        #expect(batches.map(\.recordCount) == [18, 18, 4])
    }

    @Test("memory that a batch does not need any more after compression is free at once")
    func freed() async throws {
        let test = TestAccumulator(batchSize: 16 * 1024, codec: .gzip())
        defer { test.close() }
        let appender = test.appender(.explicit(0))
        for _ in 0..<100 { #expect(appender.append(value) == .appended) }
        let batches = try await test.takeBatches()
        let held = batches.reduce(0) { $0 + $1.reservedBytes }
        #expect(batches.count == 1 && held < 2048 && batches[0].wireSize <= held)
        #expect(test.accumulator.pool.available == test.accumulator.pool.capacity - held)
    }

    @Test("what compresses badly holds the memory that it takes")
    func incompressible() async throws {
        let test = TestAccumulator(batchSize: 512, codec: .lz4())
        defer { test.close() }
        let appender = test.appender(.explicit(0))
        var random = SplitMix64(seed: 5)
        let noise = bytes(3000, upTo: 255, &random)
        let outcome = appender.append(
            key: nil,
            value: noise.span,
            details: RecordDetails(timestamp: 1, tag: RecordTag(number: 0, offset: 0))
        )
        #expect(outcome == .appended)
        let batches = try await test.takeBatches()
        #expect(batches[0].reservedBytes >= batches[0].wireSize)
        for batch in batches { test.accumulator.release(batch) }
        #expect(test.accumulator.pool.available == test.accumulator.pool.capacity)
    }

    @Test("what batches came to moves the guess for the topic")
    func estimate() async throws {
        let test = TestAccumulator(batchSize: 1024, codec: .zstd())
        defer { test.close() }
        let appender = test.appender(.explicit(0))
        for _ in 0..<80 { #expect(appender.append(value) == .appended) }
        let batches = try await test.takeBatches()
        #expect(abs(test.topic.estimator.ratio - (1 - 0.005 * Double(batches.count))) < 1e-9)
    }
}
