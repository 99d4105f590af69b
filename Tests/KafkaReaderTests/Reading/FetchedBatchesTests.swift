// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaProtocol
import KafkaRecords
import NIOCore
import Testing

@testable import KafkaReader

@Suite("Batches that a fetch brought")
struct FetchedBatchesTests {
    private static func fetched(
        _ batches: [ByteBuffer],
        from offset: Int64 = 0,
        to end: Int64? = nil,
        plan: ReadPlan = .test(),
        aborted: [FetchResponse.AbortedTransaction]? = nil
    ) -> FetchedBatches {
        var bytes = ByteBuffer()
        for batch in batches { bytes.writeImmutableBuffer(batch) }
        let data = FetchResponse.PartitionData(abortedTransactions: aborted, records: bytes)
        return FetchedBatches(data, from: offset, to: end, plan)
    }

    /// All records that are handed out.
    private static func all(_ batches: inout FetchedBatches) throws -> [ReadRecord] {
        var records: [ReadRecord] = []
        while let some = try batches.next() { records += some }
        return records
    }

    @Test(
        "each is decoded by itself, whatever its codec",
        arguments: [nil, .gzip(), .snappy, .lz4(), .zstd()] as [Codec?]
    )
    func codecs(codec: Codec?) throws {
        var batches = Self.fetched(
            [
                try LogBatch.make(["a", "b"], at: 10, codec: codec), try LogBatch.make(["c"], at: 12, codec: codec),
            ],
            from: 10
        )
        let first = try #require(try batches.next())
        #expect(first.values == ["a", "b"])
        #expect(first.map(\.offset) == [10, 11])
        #expect(first.map(\.timestamp) == [1000, 1000])
        #expect(batches.nextOffset == 12)
        #expect(try batches.next()?.values == ["c"])
        #expect(try batches.next() == nil)
        #expect(try batches.next() == nil)
        #expect(batches.nextOffset == 13)
    }

    @Test("records before the offset and from the end on are left out")
    func bounds() throws {
        let log = [try LogBatch.make(["a", "b", "c"], at: 4), try LogBatch.make(["d", "e", "f"], at: 7)]
        var batches = Self.fetched(log, from: 5, to: 8)
        #expect(try Self.all(&batches).values == ["b", "c", "d"])
        #expect(batches.nextOffset >= 8)
    }

    @Test("where the last records before the end are no more, the end is reached all the same")
    func compacted() throws {
        var batches = Self.fetched(
            [try LogBatch.make(["a"], at: 4), try LogBatch.make(["z"], at: 90)],
            from: 4,
            to: 50
        )
        #expect(try Self.all(&batches).values == ["a"])
        #expect(batches.nextOffset == 50)
    }

    @Test("a batch that is cut off behind whole ones is left for the next fetch")
    func cutOff() throws {
        var last = try LogBatch.make(["b"], at: 1)
        last.moveWriterIndex(to: last.writerIndex - 3)
        var batches = Self.fetched([try LogBatch.make(["a"], at: 0), last])
        #expect(try Self.all(&batches).values == ["a"])
        #expect(batches.nextOffset == 1)
    }

    @Test("a fetch that brings nothing new is an error, since the next one would bring the same")
    func noProgress() throws {
        var cut = try LogBatch.make(["b"], at: 7)
        cut.moveWriterIndex(to: cut.writerIndex - 3)
        for batch in [cut, try LogBatch.make(["a"], at: 2)] {
            var batches = Self.fetched([batch], from: 7)
            let error = #expect(throws: FetchDefect.self) { try batches.next() }
            #expect(error?.offset == 7)
        }
    }

    @Test("a damaged batch is an error at its offset, behind the records of the whole ones")
    func damaged() throws {
        var second = try LogBatch.make(["b"], at: 1)
        second.setInteger(UInt8(0xFF), at: LogBatch.recordsIndex + 5)
        var batches = Self.fetched([try LogBatch.make(["a"], at: 0), second])
        #expect(try batches.next()?.values == ["a"])
        let error = #expect(throws: FetchDefect.self) { try batches.next() }
        #expect(error?.offset == 1)
        #expect(error?.reason.contains("CRC") == true)
    }

    @Test(
        "offsets that no batch can have are an error, and nothing overflows",
        arguments: [(Int64(-1), Int32(0)), (.max, 0), (.max - 1, 1), (0, -1), (0, .min), (.min, .max)]
    )
    func impossibleOffsets(offset: Int64, delta: Int32) throws {
        var batch = try LogBatch.make(["a"], at: offset)
        LogBatch.change(&batch) { $0.setInteger(delta, at: LogBatch.lastOffsetDeltaIndex) }
        var batches = Self.fetched([batch])
        #expect(throws: FetchDefect.self) { try batches.next() }
    }

    @Test("a record whose offset is not one of its batch is an error", arguments: [UInt8(0x01), 0x06])
    func recordOutOfOrder(delta: UInt8) throws {
        // Length, attributes, timestamp delta, offset delta: each of one byte.
        var batch = try LogBatch.make(["a"], at: 5)
        LogBatch.change(&batch) { $0.setInteger(delta, at: LogBatch.recordsIndex + 3) }
        var batches = Self.fetched([batch], from: 5)
        let error = #expect(throws: FetchDefect.self) { try batches.next() }
        #expect(error?.reason.contains("out of order") == true)
    }

    @Test("a batch that grows beyond the limit is an error", arguments: [.gzip(), .snappy, .lz4(), .zstd()] as [Codec])
    func limit(codec: Codec) throws {
        let batch = try LogBatch.make([String(repeating: "x", count: 5000)], at: 0, codec: codec)
        var small = Self.fetched([batch], plan: .test { $0.batchBytes = 4000 })
        #expect(throws: FetchDefect.self) { try small.next() }
        var large = Self.fetched([batch], plan: .test { $0.batchBytes = 6000 })
        #expect(try large.next()?.count == 1)
    }

    @Test("a batch of many records is handed out in parts")
    func parts() throws {
        let values = (0..<25_000).map { "\($0)" }
        var batches = Self.fetched([try LogBatch.make(values, at: 0)])
        var counts: [Int] = []
        var read: [String] = []
        while let records = try batches.next() {
            counts.append(records.count)
            read += records.values
            #expect(batches.nextOffset == Int64(read.count))
        }
        #expect(counts == [10_000, 10_000, 5000])
        #expect(read == values)
    }

    @Test("transaction markers are never shown")
    func markers() throws {
        for isolation in IsolationLevel.allCases {
            var batches = Self.fetched(
                [
                    try LogBatch.make(["a"], at: 0, transactionOf: 9),
                    try LogBatch.marker(.commit, of: 9, at: 1),
                ],
                plan: .test(isolation: isolation),
                aborted: []
            )
            #expect(try Self.all(&batches).values == ["a"])
            #expect(batches.nextOffset == 2)
        }
    }

    @Test("records of aborted transactions are shown to those who do not ask for committed ones alone")
    func aborted() throws {
        let log = [
            try LogBatch.make(["a"], at: 0, transactionOf: 9),
            try LogBatch.make(["b"], at: 1),
            try LogBatch.make(["c"], at: 2, transactionOf: 8),
            try LogBatch.marker(.abort, of: 9, at: 3),
            try LogBatch.make(["d"], at: 4, transactionOf: 9),
            try LogBatch.marker(.commit, of: 8, at: 5),
            try LogBatch.marker(.commit, of: 9, at: 6),
        ]
        let aborted = [FetchResponse.AbortedTransaction(producerID: 9, firstOffset: 0)]
        var committed = Self.fetched(log, plan: .test(isolation: .readCommitted), aborted: aborted)
        #expect(try Self.all(&committed).values == ["b", "c", "d"])
        #expect(committed.nextOffset == 7)
        var uncommitted = Self.fetched(log, plan: .test(isolation: .readUncommitted), aborted: nil)
        #expect(try Self.all(&uncommitted).values == ["a", "b", "c", "d"])
    }

    @Test("an aborted transaction begins at its first offset, not before")
    func abortedLater() throws {
        let log = [
            try LogBatch.make(["a"], at: 0, transactionOf: 9),
            try LogBatch.marker(.commit, of: 9, at: 1),
            try LogBatch.make(["b"], at: 2, transactionOf: 9),
            try LogBatch.marker(.abort, of: 9, at: 3),
        ]
        let aborted = [FetchResponse.AbortedTransaction(producerID: 9, firstOffset: 2)]
        var batches = Self.fetched(log, plan: .test(isolation: .readCommitted), aborted: aborted)
        #expect(try Self.all(&batches).values == ["a"])
        #expect(batches.nextOffset == 4)
    }
}
