// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaCompression
import KafkaProtocol
import KafkaRecords
import Logging
import NIOCore
import Testing

@testable import KafkaEmbeddedBroker

@Suite("Compaction")
struct CompactionTests {
    private func log(_ directory: String? = nil, _ configure: (inout LogSettings) -> Void = { _ in }) throws
        -> PartitionLog
    {
        var settings = LogSettings()
        settings.compacts = true
        settings.segmentBytes = 1
        configure(&settings)
        return try PartitionLog(options: .init(directory: directory, settings: settings), logger: .silent)
    }

    private func put(_ key: String, _ value: String?, in log: PartitionLog, at time: Int64 = TestBatch.time) throws {
        let bytes = try TestBatch.keyed([(key, value)], timestamp: time)
        _ = try log.append(CheckedBatch(bytes: bytes, header: .init(decoding: bytes)), leaderEpoch: 0)
    }

    private func compact(_ log: PartitionLog, now: Int64 = TestBatch.time, isForced: Bool = false) throws -> Bool {
        guard let compaction = log.compaction(now: now, isForced: isForced) else { return false }
        while try compaction.step() {}
        return true
    }

    private func offsets(in log: PartitionLog) throws -> [Int64] {
        var offsets: [Int64] = []
        for segment in log.segments {
            var splitter = RecordBatchSplitter(try segment.batches(at: 0, maximumBytes: 1 << 20))
            while let batch = try splitter.next() {
                offsets += try batch.decompressedRecords().map { batch.header.offset(of: $0) }
            }
        }
        return offsets
    }

    @Test("nothing is compacted of the last segment, of what is too new, and unless enough of the log is new")
    func conditions() throws {
        let log = try log()
        for index in 0..<4 { try put("k", "\(index)", in: log, at: TestBatch.time + Int64(index)) }
        log.settings.compacts = false
        #expect(try !compact(log))
        log.settings.compacts = true
        log.settings.compactionLag = 100
        #expect(try compact(log, now: TestBatch.time + 101))
        #expect(try offsets(in: log) == [1, 2, 3], "offsets 2 and 3 are too new, and 3 is in the last segment")
        log.settings.compactionLag = 0
        log.settings.dirtyRatio = 0.6
        try put("k", "4", in: log)
        #expect(try compact(log, now: TestBatch.time + 200))
        #expect(try offsets(in: log) == [3, 4])
        try put("other", "5", in: log)
        #expect(try !compact(log, now: TestBatch.time + 200), "half of it is new")
        #expect(try compact(log, now: TestBatch.time + 200, isForced: true))
    }

    @Test("segments of which little is left are put together, up to segment.bytes")
    func grouping() throws {
        let log = try log()
        for index in 0..<20 { try put("k\(index % 4)", "\(index)", in: log) }
        log.settings.segmentBytes = 1 << 20
        #expect(try compact(log))
        #expect(log.segments.map(\.baseOffset) == [0, 19])
        #expect(try offsets(in: log) == [15, 16, 17, 18, 19])
        #expect(log.logStartOffset == 0)
        let first = try log.batches(from: 0, maximumBytes: 1, atLeastOne: true)
        #expect(try RecordBatchHeader(decoding: first).baseOffset == 15)
    }

    @Test("a record without a value stays for delete.retention.ms after its compaction, and its timestamp with it")
    func tombstone() throws {
        let log = try log { $0.deleteRetention = 1000 }
        try put("k", nil, in: log)
        try put("x", "1", in: log)
        let now = TestBatch.time + 50_000
        #expect(try compact(log, now: now))
        #expect(log.compacted.nextHorizon == now + 1000)
        let batch = try RecordBatchReader(log.batches(from: 0, maximumBytes: 1, atLeastOne: true))
        #expect(batch.header.hasDeleteHorizon && batch.header.baseTimestamp == now + 1000)
        let record = try #require(try batch.records().first)
        #expect(batch.header.timestamp(of: record) == TestBatch.time && batch.header.maxTimestamp == TestBatch.time)
        #expect(try !compact(log, now: now + 1000))
        #expect(try compact(log, now: now + 1001))
        #expect(try offsets(in: log) == [1])
    }

    @Test(
        "what a broker that died in the middle of a swap has left is finished",
        arguments: ["", "remove 0 3", "rename"]
    )
    func swap(manifest: String) async throws {
        try await withTemporaryDirectory { directory in
            var log = try log(directory)
            for index in 0..<4 { try put("k", "\(index)", in: log) }
            let files = CompactedFiles(directory)
            let file = try files.open(baseOffset: 0, Disk())
            let kept = try log.segments[2].batches(at: 0, maximumBytes: 1 << 20)
            try file.write(kept.readableBytesSpan, ByteBuffer().readableBytesSpan, at: 0)
            if !manifest.isEmpty { try Directory.write(manifest + "\n", to: directory + "/swap") }
            if manifest == "rename" {
                for base in [Int64(0), 1, 2] { SegmentName.remove(in: directory, baseOffset: base) }
            }
            log = try self.log(directory)
            #expect(try offsets(in: log) == (manifest.isEmpty ? [0, 1, 2, 3] : [2, 3]))
            let left = try FileManager.default.contentsOfDirectory(atPath: directory)
            #expect(!left.contains { $0.hasSuffix("swap") })
        }
    }

    @Test("a compaction that is overtaken by the deletion of its segments changes nothing")
    func overtaken() async throws {
        try await withTemporaryDirectory { directory in
            let log = try log(directory) { $0.retentionBytes = 0 }
            for index in 0..<4 { try put("k", "\(index)", in: log) }
            let compaction = try #require(log.compaction(now: TestBatch.time))
            _ = try compaction.step()
            #expect(try log.deleteOldSegments(now: 0) == 4)
            while try compaction.step() {}
            #expect(log.segments.count == 1 && log.logStartOffset == 4)
            #expect(try !FileManager.default.contentsOfDirectory(atPath: directory).contains { $0.hasSuffix("swap") })
        }
    }

    @Test("a topic is compacted while clients write to it, and takes no record without a key")
    func topic() async throws {
        try await withTemporaryDirectory { path in
            try await withBroker {
                $0.dataDirectory = path
                $0.topics = ["t": 1]
                $0.topicSettings["t"] = TopicSettings()
                $0.topicSettings["t"]?[.cleanupPolicy] = "compact"
                $0.topicSettings["t"]?[.segmentBytes] = "200"
            } _: { broker, client in
                for index in 0..<20 {
                    let batch = try TestBatch.keyed([("a", "\(index)"), ("b", "\(index)")])
                    #expect(
                        try await client.send(ProduceRequest(batch, topic: "t"), version: 9).single.errorCode == .none
                    )
                }
                try await broker.cleanUpLogs()
                let records = try await broker.records(topic: "t", partition: 0)
                #expect(records.count < 8 && records.suffix(2).map(\.offset) == [38, 39])
                let keyless = try TestBatch.keyed([("a", "1"), (nil, "2")])
                let refused = try await client.send(ProduceRequest(keyless, topic: "t"), version: 9).single
                #expect(refused.errorCode == .invalidRecord && refused.recordErrors.map(\.batchIndex) == [1])
            }
            try await withBroker {
                $0.dataDirectory = path
            } _: { broker, _ in
                let end = try await broker.logEndOffset(topic: "t", partition: 0)
                let records = try await broker.records(topic: "t", partition: 0)
                #expect(end == 40 && records.count < 8)
            }
        }
    }

    @Test(
        "records are stored with the codec and by the clock that the topic wants",
        arguments: ["gzip", "uncompressed"]
    )
    func storing(codec: String) async throws {
        try await withBroker {
            $0.topics = ["t": 1]
            $0.topicSettings["t"] = TopicSettings()
            $0.topicSettings["t"]?[.compressionType] = codec
            $0.topicSettings["t"]?[.messageTimestampType] = "LogAppendTime"
        } _: { broker, client in
            let batch = try TestBatch.make(["x", "y"], codec: .lz4, timestamp: 5)
            let response = try await client.send(ProduceRequest(batch, topic: "t"), version: 9).single
            #expect(response.errorCode == .none && response.logAppendTimeMs > TestBatch.time)
            let records = try await broker.records(topic: "t", partition: 0)
            #expect(records.map(\.timestamp) == [response.logAppendTimeMs, response.logAppendTimeMs])
            #expect(records.first?.batch.compressionType == (codec == "gzip" ? .gzip : CompressionType.none))
            try await broker.setTopic("t", .messageTimestampType, to: nil)
            try await broker.setTopic("t", .compressionType, to: "producer")
            let second = try await client.send(ProduceRequest(batch, topic: "t"), version: 9).single
            #expect(second.logAppendTimeMs == -1)
            let stored = try #require(try await broker.records(topic: "t", partition: 0).last)
            #expect(stored.timestamp == 6 && stored.batch.compressionType == .lz4)
        }
    }

    @Test("settings that cannot be are refused", arguments: TopicSetting.allCases)
    func impossible(setting: TopicSetting) async throws {
        #expect(setting.objection(to: setting.standard) == nil)
        for value in ["", "x", "-2", "1.5", "compact,"] { #expect(setting.objection(to: value) != nil, "\(value)") }
        try await withBroker {
            $0.topics = ["t": 1]
        } _: { broker, client in
            let error = await #expect(throws: EmbeddedBrokerError.self) {
                try await broker.setTopic("t", setting, to: "x")
            }
            #expect(error?.code == .invalidConfiguration)
            let topic = CreateTopicsRequest.Topic(
                name: "n",
                numPartitions: 1,
                replicationFactor: 1,
                configs: [.init(name: setting.rawValue, value: "x")]
            )
            let response = try await client.send(CreateTopicsRequest(topics: [topic]), version: 5)
            #expect(response.topics.map(\.errorCode) == [.invalidConfig])
        }
    }
}
