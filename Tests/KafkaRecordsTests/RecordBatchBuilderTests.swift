// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import KafkaRecords
import NIOCore
import Testing

@Suite("Building a batch")
struct RecordBatchBuilderTests {
    @Test("one record more than the limit allows is refused and changes nothing")
    func limit() throws {
        let value = [UInt8](repeating: 7, count: 100)
        var builder = RecordBatchBuilder(reusing: ByteBuffer(), limit: 61 + 3 * 109)
        for _ in 0..<3 {
            let isAppended = builder.append(nil, value, timestamp: 5)
            #expect(isAppended)
        }
        #expect(builder.size == 61 + 3 * 109)
        let size = builder.size
        let isAppended = builder.append(nil, value, timestamp: 99)
        #expect(!isAppended)
        #expect(builder.size == size)
        #expect(builder.recordCount == 3)
        #expect(builder.maxTimestamp == 5)

        builder.limit += builder.sizeOfNextRecord(keyCount: nil, valueCount: 100, timestamp: 99)
        let isAppendedNow = builder.append(nil, value, timestamp: 99)
        #expect(isAppendedNow)
        #expect(builder.size == builder.limit)
        #expect(builder.maxTimestamp == 99)
        #expect(try RecordBatchReader(builder.finish().sealed().buffer).records().count == 4)
    }

    @Test("a refused first record leaves an empty batch, which another record then begins")
    func refusedFirst() throws {
        var builder = RecordBatchBuilder(reusing: ByteBuffer(), limit: 80)
        let isLargeAppended = builder.append(nil, [UInt8](repeating: 0, count: 100), timestamp: 1)
        #expect(!isLargeAppended)
        #expect(builder.isEmpty == true)
        #expect(builder.size == 61)
        let isAppended = builder.append([1], nil, timestamp: 2)
        #expect(isAppended)
        #expect(builder.baseTimestamp == 2)
    }

    @Test("a batch goes on in other memory, which is not replaced, and leaves its own behind")
    func moves() throws {
        var builder = RecordBatchBuilder(reusing: ByteBuffer(), limit: 100)
        let isFirstAppended = builder.append([1], [2], timestamp: 5)
        let lackedBefore = builder.lacksMemory
        builder.limit = 4000
        let lacked = builder.lacksMemory
        var memory = ByteBuffer(repeating: 0xFF, count: 4096)
        let address = memory.address
        builder.move(into: &memory)
        let lacksAfter = builder.lacksMemory
        #expect(!lackedBefore && lacked && !lacksAfter && memory.storageCapacity < 4096)
        let isSecondAppended = builder.append([3], nil, timestamp: 6)
        #expect(isFirstAppended && isSecondAppended)
        let batch = builder.finish().sealed().buffer
        #expect(batch.address == address)
        #expect(try RecordBatchReader(batch).records().map(\.offsetDelta) == [0, 1])
    }

    @Test("nulls, empties and timestamps at both ends of 64 bits come back as they were")
    func extremes() throws {
        let timestamps: [Int64] = [0, .max, .min, -1, 1 << 40, 0]
        let payloads: [[UInt8]?] = [nil, [], [1, 2, 3]]
        var builder = RecordBatchBuilder(reusing: ByteBuffer(), limit: 1 << 20)
        for timestamp in timestamps {
            for key in payloads {
                for value in payloads {
                    let size = builder.size
                    let growth = builder.sizeOfNextRecord(
                        keyCount: key?.count,
                        valueCount: value?.count,
                        timestamp: timestamp
                    )
                    let isAppended = builder.append(key, value, timestamp: timestamp)
                    #expect(isAppended)
                    #expect(builder.size == size + growth)
                }
            }
        }
        let reader = try RecordBatchReader(builder.finish().sealed().buffer)
        var records = try reader.records()[...]
        #expect(records.count == 54)
        for timestamp in timestamps {
            for key in payloads {
                for value in payloads {
                    let record = try #require(records.first)
                    records = records.dropFirst()
                    #expect(reader.header.timestamp(of: record) == timestamp)
                    #expect(record.key == key.map { ByteBuffer(bytes: $0) })
                    #expect(record.value == value.map { ByteBuffer(bytes: $0) })
                    #expect(record.headers.isEmpty)
                }
            }
        }
        #expect(reader.header.baseTimestamp == 0)
        #expect(reader.header.maxTimestamp == .max)
        #expect(reader.header.lastOffsetDelta == 53)
    }

    @Test("headers are copied behind each record, in order, repeated names and nulls included")
    func headers() throws {
        let headers = [
            RecordHeader(name: "trace", text: "1"),
            RecordHeader(name: "trace", value: nil),
            RecordHeader(name: "", value: ByteBuffer()),
            RecordHeader(name: "größe", value: ByteBuffer(bytes: [0, 255])),
        ]
        let encoded = EncodedHeaders(headers)
        var builder = RecordBatchBuilder(reusing: ByteBuffer(), limit: 1 << 20)
        for _ in 0..<200 {
            let isAppended = builder.append([1], [2], headers: encoded, timestamp: 0)
            #expect(isAppended)
        }
        let records = try RecordBatchReader(builder.finish().sealed().buffer).records()
        #expect(records.count == 200)
        #expect(records.allSatisfy { $0.headers == headers })
        #expect(encoded.payloadSize == 5 + 1 + 5 + 7 + 2)
    }

    @Test("no headers are one zero byte, whichever way they are given")
    func noHeaders() {
        #expect(EncodedHeaders.none.size == 1)
        #expect(EncodedHeaders.none.isEmpty)
        var plain = RecordBatchBuilder(reusing: ByteBuffer(), limit: 1000)
        var none = RecordBatchBuilder(reusing: ByteBuffer(), limit: 1000)
        let value: [UInt8] = [1, 2]
        let isPlainAppended = plain.append(key: nil, value: value.span, timestamp: 3)
        let isNoneAppended = none.append(key: nil, value: value.span, headers: .none, timestamp: 3)
        #expect(isPlainAppended && isNoneAppended)
        let plainContents = plain.finish()
        let noneContents = none.finish()
        #expect(plainContents.buffer == noneContents.buffer)
    }

    @Test("the estimate is Java's, and never too small", arguments: [0, 1, 100, 70_000, 20_000_000])
    func estimate(count: Int) {
        let bound = RecordBatchBuilder.sizeUpperBound(keyCount: count, valueCount: count, headersSize: 1)
        #expect(bound == 61 + 21 + 2 * count + 1)
        let builder = RecordBatchBuilder(reusing: ByteBuffer(), limit: 1000)
        #expect(61 + builder.sizeOfNextRecord(keyCount: count, valueCount: count, timestamp: .min) <= bound)
    }

    @Test("memory is used again when nothing else holds it")
    func reuse() throws {
        var builder = RecordBatchBuilder(reusing: ByteBuffer(), limit: 16384)
        let isAppended = builder.append(nil, [1], timestamp: 1)
        #expect(isAppended)
        let buffer = builder.finish().sealed().releaseBuffer()
        let address = buffer.address
        let again = RecordBatchBuilder(reusing: consume buffer, limit: 16384).finish().sealed().releaseBuffer()
        #expect(again.address == address)
    }
}
