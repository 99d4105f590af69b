// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaProtocol
import KafkaRecords
import Logging
import NIOCore
import Testing

@testable import KafkaEmbeddedBroker

@Suite("The log of a partition")
struct PartitionLogTests {
    /// Runs a test with a log in memory and with one in files.
    private func withLogs(segmentBytes: Int = 1 << 30, _ body: (PartitionLog) throws -> Void) async throws {
        try body(
            PartitionLog(options: .init(directory: nil, segmentBytes: segmentBytes), logger: .silent)
        )
        try await withTemporaryDirectory { directory in
            try body(
                PartitionLog(options: .init(directory: directory, segmentBytes: segmentBytes), logger: .silent)
            )
        }
    }

    private func checked(_ bytes: ByteBuffer) throws -> CheckedBatch {
        CheckedBatch(bytes: bytes, header: try RecordBatchHeader(decoding: bytes))
    }

    private func baseOffsets(of batches: ByteBuffer) throws -> [Int64] {
        var splitter = RecordBatchSplitter(batches)
        var offsets: [Int64] = []
        while let batch = try splitter.next() { offsets.append(batch.header.baseOffset) }
        #expect(splitter.remaining.readableBytes == 0)
        return offsets
    }

    @Test("batches come back with the offsets they were given, from wherever one begins", arguments: [1 << 30, 300, 1])
    func readingBack(segmentBytes: Int) async throws {
        try await withLogs(segmentBytes: segmentBytes) { log in
            for index in Int64(0)..<50 {
                #expect(try log.append(checked(TestBatch.make()), leaderEpoch: 3) == index * 3)
            }
            #expect(log.logEndOffset == 150)
            for offset in Int64(0)..<150 {
                let first = try log.batches(from: offset, maximumBytes: 1, atLeastOne: true)
                #expect(try baseOffsets(of: first) == [offset / 3 * 3])
                #expect(try RecordBatchHeader(decoding: first).partitionLeaderEpoch == 3)
            }
            #expect(try log.batches(from: 150, maximumBytes: 1000, atLeastOne: true).readableBytes == 0)
            #expect(try log.batches(from: 0, maximumBytes: 1, atLeastOne: false).readableBytes == 0)
        }
    }

    @Test("a large log is found its way through by the sparse index")
    func sparseIndex() async throws {
        try await withLogs(segmentBytes: 1 << 20) { log in
            let value = String(repeating: "x", count: 3000)
            for index in 0..<400 {
                let batch = try TestBatch.make([value], timestamp: Int64(index))
                _ = try log.append(checked(batch), leaderEpoch: 0)
            }
            for offset in stride(from: Int64(0), to: 400, by: 23) {
                let found = try log.batches(from: offset, maximumBytes: 10_000, atLeastOne: true)
                #expect(try baseOffsets(of: found).first == offset)
                #expect(try log.firstRecord(fromTimestamp: offset)?.offset == offset)
            }
        }
    }

    @Test("segments are named after their first offset")
    func segmentNames() async throws {
        try await withTemporaryDirectory { directory in
            let log = try PartitionLog(options: .init(directory: directory, segmentBytes: 200), logger: .silent)
            for _ in 0..<4 { _ = try log.append(checked(TestBatch.make()), leaderEpoch: 0) }
            #expect(
                try Directory.names(in: directory).filter { $0.hasSuffix(".log") } == [
                    "00000000000000000000.log", "00000000000000000006.log",
                ]
            )
        }
    }

    @Test(
        "a torn tail is cut back to the last whole batch",
        arguments: [
            // Bytes of a third batch that are there, and whether they are those of the batch.
            (0, true), (1, true), (11, true), (60, true), (61, true), (92, true), (93, false),
            (61, false), (5, false),
        ]
    )
    func tornTail(count: Int, isBatch: Bool) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/00000000000000000000.log"
            var bytes = try TestBatch.stored(baseOffset: 0)
            bytes.writeImmutableBuffer(try TestBatch.stored(baseOffset: 3))
            let whole = bytes.readableBytes
            let third = try TestBatch.stored(baseOffset: 6)
            #expect(third.readableBytes == 93)
            bytes.writeBytes(
                isBatch ? Array(third.readableBytesView.prefix(count)) : Array(repeating: 0xAA, count: count)
            )
            try Data(bytes.readableBytesView).write(to: URL(fileURLWithPath: path))
            for _ in 0..<2 {
                let log = try PartitionLog(options: .init(directory: directory, segmentBytes: 1 << 30), logger: .silent)
                #expect(log.logEndOffset == 6)
                #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count == whole)
            }
            let log = try PartitionLog(options: .init(directory: directory, segmentBytes: 1 << 30), logger: .silent)
            #expect(try log.append(checked(TestBatch.make()), leaderEpoch: 0) == 6)
            let all = try log.batches(from: 0, maximumBytes: 1 << 20, atLeastOne: true)
            #expect(try baseOffsets(of: all) == [0, 3, 6])
        }
    }

    @Test("a flipped bit in the last batch, or an offset that goes back, is a torn tail too", arguments: [true, false])
    func damagedTail(isFlipped: Bool) async throws {
        try await withTemporaryDirectory { directory in
            var bytes = try TestBatch.stored(baseOffset: 0)
            var second = try TestBatch.stored(baseOffset: isFlipped ? 3 : 2)
            if isFlipped { second.setInteger(UInt8(0x7F), at: second.writerIndex - 3) }
            bytes.writeImmutableBuffer(second)
            try Data(bytes.readableBytesView).write(
                to: URL(fileURLWithPath: directory + "/00000000000000000000.log")
            )
            let log = try PartitionLog(options: .init(directory: directory, segmentBytes: 1 << 30), logger: .silent)
            #expect(log.logEndOffset == 3)
        }
    }

    @Test("damage with whole segments behind it is an error, and nothing is cut")
    func damageInside() async throws {
        try await withTemporaryDirectory { directory in
            let first = URL(fileURLWithPath: directory + "/00000000000000000000.log")
            let second = URL(fileURLWithPath: directory + "/00000000000000000003.log")
            var bytes = try TestBatch.stored(baseOffset: 0)
            bytes.writeInteger(UInt8(1))
            try Data(bytes.readableBytesView).write(to: first)
            try Data(TestBatch.stored(baseOffset: 3).readableBytesView).write(to: second)
            let error = #expect(throws: EmbeddedBrokerError.self) {
                try PartitionLog(options: .init(directory: directory, segmentBytes: 1 << 30), logger: .silent)
            }
            #expect(error?.code == .damagedLog)
            #expect(try Data(contentsOf: first).count == 94)
        }
    }

    @Test("a log of an older format is an error, and nothing is cut")
    func oldFormat() async throws {
        try await withTemporaryDirectory { directory in
            let file = URL(fileURLWithPath: directory + "/00000000000000000000.log")
            let bytes = TestBatch.setting(Int8(1), at: 16, in: try TestBatch.stored(baseOffset: 0))
            try Data(bytes.readableBytesView).write(to: file)
            let error = #expect(throws: EmbeddedBrokerError.self) {
                try PartitionLog(options: .init(directory: directory, segmentBytes: 1 << 30), logger: .silent)
            }
            #expect(error?.code == .damagedLog)
            #expect(try Data(contentsOf: file).count == 93)
        }
    }

    @Test("after a restart the producers are known again")
    func producerState() async throws {
        try await withTemporaryDirectory { directory in
            let options = PartitionLog.Options(directory: directory, segmentBytes: 200)
            do {
                let log = try PartitionLog(options: options, logger: .silent)
                for sequence in Int32(0)..<8 {
                    let batch = try TestBatch.make(["x"], producerID: 4, epoch: 1, sequence: sequence)
                    _ = try log.append(checked(batch), leaderEpoch: 0)
                }
            }
            let log = try PartitionLog(options: options, logger: .silent)
            #expect(log.logEndOffset == 8)
            let repeated = ProducerStateTable.Sequence(producerID: 4, epoch: 1, first: 3, last: 3)
            #expect(
                log.producers.verdict(on: repeated) == .duplicate(baseOffset: 3, timestamp: TestBatch.time)
            )
            let next = ProducerStateTable.Sequence(producerID: 4, epoch: 1, first: 8, last: 8)
            #expect(log.producers.verdict(on: next) == .append)
        }
    }

    #if os(Linux)
        @Test("a disk that is full refuses the batch, and the log goes on where it was")
        func fullDisk() async throws {
            try await withTemporaryDirectory { directory in
                let path = directory + "/00000000000000000000.log"
                try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/full")
                let log = try PartitionLog(options: .init(directory: directory, segmentBytes: 1 << 30), logger: .silent)
                let error = #expect(throws: StorageError.self) {
                    try log.append(checked(TestBatch.make()), leaderEpoch: 0)
                }
                #expect(error?.code == ENOSPC)
                #expect(log.logEndOffset == 0)
                #expect(log.producers.count == 0)
            }
        }
    #endif
}
