// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import KafkaProtocol
import KafkaRecords
import Mutation
import NIOCore
import Testing
import Vectors

@Suite("Reading a batch that may be anything")
struct RecordBatchReaderTests {
    static let batch: ByteBuffer = {
        var builder = RecordBatchBuilder(reusing: ByteBuffer(), limit: 1 << 16)
        let headers = EncodedHeaders([RecordHeader(name: "h", text: "v"), RecordHeader(name: "n", value: nil)])
        _ = builder.append([1, 2, 3], [4, 5], headers: headers, timestamp: 1000)
        _ = builder.append(nil, nil, timestamp: 900)
        return builder.finish().sealed().buffer
    }()

    /// The batch with the byte at `index` replaced.
    static func changed(_ index: Int, to byte: UInt8) -> ByteBuffer {
        var buffer = batch
        buffer.setInteger(byte, at: index)
        return buffer
    }

    /// The iterator over records that these hexadecimal digits stand for.
    static func iterator(count: Int32, hex: String) throws -> RecordIterator {
        try RecordBatchReader(batch).makeIterator(decompressed: ByteBuffer(bytes: [UInt8](hex: hex)))
    }

    @Test("each changed byte that the checksum covers is noticed")
    func checksum() {
        for index in 21..<Self.batch.readableBytes {
            let byte = Self.batch.getInteger(at: index, as: UInt8.self) ?? 0
            let error = #expect(throws: RecordBatchError.self) {
                try RecordBatchReader(Self.changed(index, to: byte ^ 0x10))
            }
            guard case .checksumMismatch = error else {
                Issue.record("byte \(index): \(String(describing: error))")
                return
            }
        }
    }

    @Test("other formats are named", arguments: [UInt8(0), 1, 3, 255])
    func magic(magic: UInt8) {
        #expect(throws: RecordBatchError.unsupportedMagic(Int8(bitPattern: magic))) {
            try RecordBatchReader(Self.changed(16, to: magic))
        }
    }

    @Test("lengths that no batch has are errors, of the splitter too", arguments: [Int32(0), 48, -1, .min])
    func length(length: Int32) {
        var buffer = Self.batch
        buffer.setInteger(length, at: 8)
        #expect(throws: RecordBatchError.invalidLength(length)) { try RecordBatchReader(buffer) }
        var splitter = RecordBatchSplitter(buffer)
        #expect(throws: RecordBatchError.invalidLength(length)) { try splitter.next() }
    }

    @Test("a length beyond the bytes is a truncation; bytes beyond the length are too many")
    func frame() {
        var buffer = Self.batch
        let size = buffer.readableBytes
        buffer.setInteger(Int32.max, at: 8)
        #expect(throws: RecordBatchError.truncated(needed: Int(Int32.max) + 12, available: size)) {
            try RecordBatchReader(buffer)
        }
        var longer = Self.batch
        longer.writeInteger(UInt8(0))
        #expect(throws: RecordBatchError.trailingBytes(1)) { try RecordBatchReader(longer) }
    }

    @Test("a batch is read from the middle of a buffer")
    func slices() throws {
        var buffer = ByteBuffer(bytes: [9, 9, 9])
        buffer.writeImmutableBuffer(Self.batch)
        buffer.moveReaderIndex(forwardBy: 3)
        let reader = try RecordBatchReader(buffer)
        let records = try reader.records()
        #expect(records.first?.key == ByteBuffer(bytes: [1, 2, 3]))
        #expect(records.first?.headers == [RecordHeader(name: "h", text: "v"), RecordHeader(name: "n", value: nil)])
        #expect(records.last == Record(offsetDelta: 1, timestampDelta: -100, key: nil, value: nil))
        #expect(records.map { reader.header.timestamp(of: $0) } == [1000, 900])
    }

    // The reader's batch counts two records; the first of each pair here is a good one: 7 bytes, all null.
    @Test(
        "a malformed record is named with its defect",
        arguments: [
            ("", RecordBatchError.RecordDefect.truncated),
            ("0c", .truncated),
            ("80", .truncated),
            ("0c0000000101", .truncated),
            ("00", .truncated),
            ("01", .invalidLength),
            ("0c000000030100", .invalidLength),  // key of -2
            ("0c000000020100", .invalidLength),  // key of 1, and then nothing left for the headers
            ("0c000000017e00", .invalidLength),  // value of 63
            ("0c000000010101", .invalidLength),  // -1 headers
            ("0c000000010102", .invalidLength),  // 1 header, no bytes
            ("0e00000001010000", .lengthMismatch),
            ("100000000101020100", .invalidLength),  // a header without a name
            ("ffffffff1f", .varintTooLong),  // a length of more than 32 bits
            ("2000ffffffffffffffffff02000101000000", .varintTooLong),  // a delta of more than 64 bits
        ]
    )
    func defects(hex: String, defect: RecordBatchError.RecordDefect) throws {
        for (prefix, index) in [("", 0), ("0c000000010100", 1)] {
            var iterator = try Self.iterator(count: 2, hex: prefix + hex)
            let error = #expect(throws: RecordBatchError.self) { while try iterator.next() != nil {} }
            guard case .invalidRecord(index, let found) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(found == defect || (found == .truncated && defect == .invalidLength), "\(hex)")
        }
    }

    @Test("bytes behind the last record are too many")
    func trailing() throws {
        let record = "0c000000010100"
        var exact = try Self.iterator(count: 2, hex: record + record)
        #expect(try exact.next() != nil)
        #expect(try exact.next() != nil)
        #expect(try exact.next() == nil)
        var more = try Self.iterator(count: 2, hex: record + record + record)
        #expect(throws: RecordBatchError.trailingRecordBytes(7)) { while try more.next() != nil {} }
    }

    @Test("random bytes in place of the records never trap")
    func noise() throws {
        let reader = try RecordBatchReader(Self.batch)
        let section = reader.recordsSection
        var generator = SplitMix64(seed: 3)
        for _ in 0..<20_000 {
            var changed = section
            for _ in 0..<3 {
                let index = Int.random(in: 0..<section.readableBytes, using: &generator)
                changed.setInteger(UInt8(truncatingIfNeeded: generator.next()), at: section.readerIndex + index)
            }
            if let records = try? reader.records(decompressed: changed) { #expect(records.count == 2) }
        }
    }

    /// Each record's timestamp, told stretch by stretch; nil when a stretch does not follow the one before, or has the same one.
    private static func timestamps(_ reader: RecordBatchReader, _ section: ByteBuffer) throws -> [Int64]? {
        var (found, last): ([Int64], Int64?) = ([], nil)
        var isInOrder = true
        try reader.forEachTimestamp(decompressed: section) { records, timestamp in
            if records.lowerBound != found.count || records.isEmpty || timestamp == last { isInOrder = false }
            found += records.map { _ in timestamp }
            last = timestamp
        }
        return isInOrder ? found : nil
    }

    @Test("timestamps are told for stretches of records that share one", arguments: 0..<8)
    func timestamps(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        // Some are before the first, and some differences take all the bytes that there are.
        let choices = [0, 1, -1, 63, 64, 8191, 8192, 1 << 40, -(1 << 40)].map { 1_000_000_000_000 + Int64($0) }
        var builder = RecordBatchBuilder(reusing: ByteBuffer(), limit: 1 << 20)
        var expected: [Int64] = []
        for _ in 0..<Int.random(in: 0...300, using: &random) {
            let isSame = Bool.random(using: &random)
            let timestamp = (isSame ? expected.last : nil) ?? choices.randomElement(using: &random) ?? 0
            let value = [UInt8](repeating: 7, count: Int.random(in: 0...200, using: &random))
            if builder.append(nil, value, timestamp: timestamp) { expected.append(timestamp) }
        }
        let reader = try RecordBatchReader(builder.finish().sealed().buffer)
        #expect(try Self.timestamps(reader, reader.recordsSection) == expected)
    }

    @Test("timestamps of records that are cut off, or of anything, are an error or some, and never a trap")
    func timestampsOfNoise() throws {
        let reader = try RecordBatchReader(Self.batch)
        let section = reader.recordsSection
        for size in 0..<section.readableBytes {
            let cut = section.getSlice(at: section.readerIndex, length: size) ?? ByteBuffer()
            #expect(throws: RecordBatchError.self, "\(size)") { try Self.timestamps(reader, cut) }
        }
        var generator = SplitMix64(seed: 4)
        for _ in 0..<20_000 {
            var changed = section
            for _ in 0..<3 {
                let index = Int.random(in: 0..<section.readableBytes, using: &generator)
                changed.setInteger(UInt8(truncatingIfNeeded: generator.next()), at: section.readerIndex + index)
            }
            if let found = try? Self.timestamps(reader, changed) { #expect(found.count == 2) }
        }
    }

    @Test("compressed records are not mistaken for records")
    func compressed() throws {
        var contents = ByteBuffer()
        RecordBatchHeader.reserve(in: &contents)
        contents.writeBytes([1, 2, 3])
        let builder = RecordBatchBuilder(reusing: ByteBuffer(), limit: 100)
        let batch = builder.finish().sealed(compressed: contents, as: .zstd)
        let reader = try RecordBatchReader(batch.buffer)
        #expect(throws: RecordBatchError.compressed(.zstd)) { try reader.records() }
        #expect(reader.recordsSection == ByteBuffer(bytes: [1, 2, 3]))
    }

    @Test("with log append time all records have the batch's timestamp")
    func logAppendTime() throws {
        var header = try RecordBatchReader(Self.batch).header
        header.timestampType = .logAppendTime
        let record = Record(offsetDelta: 0, timestampDelta: 5, key: nil, value: nil)
        #expect(header.timestamp(of: record) == header.maxTimestamp)
        #expect(header.attributes == 1 << 3)
    }

    @Test("codec names are Kafka's, both ways", arguments: CompressionType.allCases)
    func names(type: CompressionType) {
        #expect(CompressionType(name: type.name) == type)
        #expect(CompressionType(name: type.name.uppercased()) == nil)
    }
}
