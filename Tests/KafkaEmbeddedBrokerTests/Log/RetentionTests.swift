// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaProtocol
import KafkaRecords
import Logging
import NIOCore
import Testing

@testable import KafkaEmbeddedBroker

@Suite("How long records stay")
struct RetentionTests {
    /// Runs a test with a log in memory and with one in files.
    private func withLogs(
        _ configure: (inout LogSettings) -> Void = { _ in },
        _ body: (PartitionLog) throws -> Void
    ) async throws {
        var settings = LogSettings()
        configure(&settings)
        try body(PartitionLog(options: .init(directory: nil, settings: settings), logger: .silent))
        try await withTemporaryDirectory { directory in
            try body(PartitionLog(options: .init(directory: directory, settings: settings), logger: .silent))
        }
    }

    private func append(_ count: Int, to log: PartitionLog, from time: Int64, step: Int64 = 1000) throws {
        for index in 0..<Int64(count) {
            let bytes = try TestBatch.make(["x"], timestamp: time + index * step)
            _ = try log.append(CheckedBatch(bytes: bytes, header: .init(decoding: bytes)), leaderEpoch: 0)
        }
    }

    private func files(of log: PartitionLog) throws -> [String] {
        guard let directory = log.directory else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
    }

    @Test(
        "a segment ends when its timestamps are older than segment.ms, or it is full, and never for records that are older"
    )
    func rolling() async throws {
        try await withLogs {
            $0.segmentMilliseconds = 2_500
        } _: { log in
            try append(6, to: log, from: 10_000)
            #expect(log.segments.map(\.baseOffset) == [0, 3])
            try append(1, to: log, from: 0)
            #expect(log.segments.count == 2)
            log.settings.segmentBytes = 1
            try append(2, to: log, from: 0)
            #expect(log.segments.map(\.baseOffset) == [0, 3, 7, 8])
        }
    }

    @Test("segments whose newest record is older than retention.ms are deleted with all their files, the last one too")
    func time() async throws {
        try await withLogs {
            $0.segmentBytes = 1
            $0.retentionMilliseconds = 10_000
        } _: { log in
            try append(5, to: log, from: 10_000)
            #expect(try log.deleteOldSegments(now: 20_000) == 0)
            #expect(try log.deleteOldSegments(now: 21_001) == 2)
            #expect(log.logStartOffset == 2 && log.segments.map(\.baseOffset) == [2, 3, 4])
            if log.directory != nil { #expect(try !files(of: log).contains { $0.hasPrefix("00000000000000000001") }) }
            #expect(try log.deleteOldSegments(now: 100_000) == 3)
            #expect(log.logStartOffset == 5 && log.logEndOffset == 5 && log.size == 0)
            #expect(try log.deleteOldSegments(now: 100_000) == 0)
            try append(1, to: log, from: 100_000)
            #expect(log.logEndOffset == 6)
            log.settings.retentionMilliseconds = -1
            #expect(try log.deleteOldSegments(now: .max) == 0)
        }
    }

    @Test("the oldest segments beyond retention.bytes are deleted, as long as what stays is not less")
    func size() async throws {
        try await withLogs {
            $0.segmentBytes = 1
        } _: { log in
            try append(5, to: log, from: 10_000)
            let each = Int64(log.size / 5)
            log.settings.retentionBytes = each * 3 - 1
            #expect(try log.deleteOldSegments(now: 0) == 2)
            #expect(log.logStartOffset == 2)
            log.settings.retentionBytes = 0
            log.settings.deletes = false
            #expect(try log.deleteOldSegments(now: 0) == 0)
        }
    }

    @Test("records of an open transaction stay, however old they are")
    func openTransaction() async throws {
        try await withLogs {
            $0.segmentBytes = 1
            $0.retentionMilliseconds = 0
        } _: { log in
            try append(2, to: log, from: 1000)
            let bytes = try TestBatch.transactional(["x"], ProducerIdentity(7, 0), sequence: 0)
            _ = try log.append(CheckedBatch(bytes: bytes, header: .init(decoding: bytes)), leaderEpoch: 0)
            try append(2, to: log, from: 1000)
            #expect(try log.deleteOldSegments(now: .max / 2) == 2)
            #expect(log.logStartOffset == 2)
            let marker = ControlBatch(.abort, producerID: 7, producerEpoch: 0, coordinatorEpoch: 0, timestamp: 2000)
            try log.append(marker, leaderEpoch: 0)
            #expect(log.transactions.aborted.count == 1)
            #expect(try log.deleteOldSegments(now: .max / 2) == 4)
            #expect(log.logStartOffset == 6 && log.transactions.aborted.isEmpty)
        }
    }

    @Test("a log whose oldest segments were deleted goes on where it was after a restart")
    func restart() async throws {
        try await withTemporaryDirectory { path in
            for _ in 0..<2 {
                try await withBroker {
                    $0.dataDirectory = path
                    $0.topics = ["t": 1]
                    $0.segmentBytes = 100
                    $0.topicDefaults[.retentionBytes] = "138"
                    $0.topicDefaults[.retentionMs] = "-1"
                } _: { broker, client in
                    for _ in 0..<3 {
                        _ = try await client.send(ProduceRequest(TestBatch.make(["x"]), topic: "t"), version: 9)
                    }
                    try await broker.cleanUpLogs()
                    let end = try await broker.logEndOffset(topic: "t", partition: 0)
                    #expect(try await broker.records(topic: "t", partition: 0).map(\.offset) == [end - 2, end - 1])
                    let early = try await client.send(FetchRequest(topic: "t"), version: 11)
                    #expect(early.responses.first?.partitions.first?.errorCode == .offsetOutOfRange)
                }
            }
        }
    }

    @Test(
        "the files beside a log of Kafka's are what we write beside the same batches, byte for byte",
        arguments: [0, 1]
    )
    func kafkaFiles(partition: Int) throws {
        let folder = "fixture-\(partition)"
        let offsets = try KafkaLog.contents(of: folder, ending: ".index")
        let times = try KafkaLog.contents(of: folder, ending: ".timeindex")
        let aborted = try KafkaLog.contents(of: folder, ending: ".txnindex")
        #expect(offsets.count == 2)
        for (base, log) in try KafkaLog.contents(of: folder, ending: ".log") {
            // Kafka's `index.interval.bytes`.
            var index = SparseIndex(interval: 4096)
            var (position, time, timeOffset): (Int, Int64, Int64) = (0, -1, base)
            while let outline = BatchOutline(in: log, at: position) {
                let earlier = time
                if outline.maxTimestamp > time { (time, timeOffset) = (outline.maxTimestamp, outline.lastOffset) }
                index.note(
                    SparseIndex.Entry(
                        baseOffset: outline.baseOffset,
                        lastOffset: outline.lastOffset,
                        position: position,
                        earlierMaxTimestamp: earlier,
                        maxTimestamp: time,
                        maxTimestampOffset: timeOffset
                    )
                )
                position += outline.size
            }
            #expect(index.offsetFile(baseOffset: base) == offsets[base])
            let file = index.timeFile(baseOffset: base, maxTimestamp: time, maxTimestampOffset: timeOffset)
            #expect(file == times[base])
            let ended = try KafkaLog.index(of: partition).filter { $0.lastOffset >= base }
            if let expected = aborted[base] { #expect(LogTransactions.file(of: ended) == expected) }
        }
    }

    @Test("a segment that ends, and the last one when the broker stops, gets its index files")
    func indexFiles() async throws {
        try await withTemporaryDirectory { directory in
            let log = try PartitionLog(options: .init(directory: directory, segmentBytes: 1 << 20), logger: .silent)
            let value = String(repeating: "x", count: 30_000)
            for index in 0..<50 {
                let bytes = try TestBatch.make([value], timestamp: Int64(index))
                _ = try log.append(CheckedBatch(bytes: bytes, header: .init(decoding: bytes)), leaderEpoch: 0)
            }
            let first = "00000000000000000000"
            #expect(
                try files(of: log).filter { $0.hasPrefix(first) }
                    == ["index", "log", "timeindex"].map { "\(first).\($0)" }
            )
            let index = try Data(contentsOf: URL(fileURLWithPath: "\(directory)/\(first).index"))
            var bytes = ByteBuffer(bytes: index)
            while let (offset, position) = bytes.readMultipleIntegers(as: (Int32, Int32).self) {
                let found = try #require(
                    BatchOutline(in: log.segments[0].batches(at: Int(position), maximumBytes: 100_000), at: 0)
                )
                #expect(found.lastOffset == Int64(offset))
            }
            #expect(index.count > 8 * 8)
            log.close()
            #expect(try files(of: log).filter { $0.hasSuffix(".timeindex") }.count == log.segments.count)
        }
    }
}
