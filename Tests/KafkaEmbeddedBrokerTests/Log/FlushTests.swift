// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import KafkaRecords
import NIOCore
import NIOEmbedded
import Testing

@testable import KafkaEmbeddedBroker

@Suite("When logs are flushed to the disk")
struct FlushTests {
    private static let first = "/00000000000000000000.log"

    /// A log in files that is flushed after so many records, or milliseconds.
    private func withLog(
        messages: Int64 = .max,
        milliseconds: Int64 = .max,
        segmentBytes: Int = 1 << 30,
        _ body: (PartitionLog, DiskRecorder) throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let recorder = DiskRecorder()
            var settings = LogSettings()
            settings.flushMessages = messages
            settings.flushMilliseconds = milliseconds
            settings.segmentBytes = segmentBytes
            let path = directory + "/t-0"
            try Directory.make(path)
            var options = PartitionLog.Options(directory: path, settings: settings)
            options.disk = recorder.disk
            try body(try PartitionLog(options: options, logger: .silent), recorder)
        }
    }

    @discardableResult
    private func append(_ log: PartitionLog, _ values: [String] = ["one", "two", "three"]) throws -> Int64 {
        try log.append(try TestBatch.checked(TestBatch.make(values)), leaderEpoch: 0)
    }

    @Test("by default never: the system writes when it sees fit, as with Kafka")
    func never() async throws {
        try await withLog(segmentBytes: 300) { log, recorder in
            for _ in 0..<50 { try append(log) }
            log.close()
            #expect(recorder.takeFlushed() == [])
            #expect(LogSettings { $0.standard }.flushes == false)
        }
    }

    @Test("with flush.messages=1 after each batch, and at first its folder too")
    func eachBatch() async throws {
        try await withLog(messages: 1) { log, recorder in
            try append(log)
            let flushed = recorder.takeFlushed()
            #expect(flushed.count == 3)
            #expect(flushed.last == "t-0" + Self.first)
            for _ in 0..<5 {
                try append(log)
                #expect(recorder.takeFlushed() == ["t-0" + Self.first])
            }
        }
    }

    @Test("when so many records are not flushed, with the batch that makes them so many")
    func byCount() async throws {
        try await withLog(messages: 10) { log, recorder in
            var counts: [Int] = []
            for _ in 0..<8 {
                try append(log)
                counts.append(recorder.takeFlushed().filter { $0.hasSuffix(".log") }.count)
            }
            #expect(counts == [0, 0, 0, 1, 0, 0, 0, 1])
            #expect(log.flushedEnd == 24)
        }
    }

    @Test("segments that ended meanwhile are flushed before the last one")
    func segments() async throws {
        try await withLog(messages: 12, segmentBytes: 200) { log, recorder in
            for _ in 0..<4 { try append(log) }
            #expect(
                recorder.takeFlushed().filter { $0.hasSuffix(".log") } == [
                    "t-0" + Self.first, "t-0/00000000000000000006.log",
                ]
            )
        }
    }

    @Test("what a follower copies is flushed as what a leader writes")
    func follower() async throws {
        try await withLog(messages: 1) { log, recorder in
            var bytes = try TestBatch.make()
            RecordBatchHeader.assign(baseOffset: 0, partitionLeaderEpoch: 0, in: &bytes)
            try log.append(copying: RecordBatchReader(bytes), bytes)
            #expect(recorder.takeFlushed().last == "t-0" + Self.first)
            try log.truncate(to: 0)
            #expect(log.flushedEnd == 0)
        }
    }

    @Test("with flush.ms once after that time, however much was written, and not when nothing was")
    func byTime() async throws {
        try await withLog(milliseconds: 500) { log, recorder in
            let loop = EmbeddedEventLoop()
            let flusher = LogFlusher { Issue.record($0) }
            flusher.eventLoop = loop
            log.flusher = flusher
            for _ in 0..<3 { try append(log) }
            loop.advanceTime(by: .milliseconds(499))
            #expect(recorder.takeFlushed() == [])
            loop.advanceTime(by: .milliseconds(1))
            #expect(recorder.takeFlushed().last == "t-0" + Self.first)
            loop.advanceTime(by: .seconds(60))
            #expect(recorder.takeFlushed() == [])
            try append(log)
            log.close()
            #expect(recorder.takeFlushed() == ["t-0" + Self.first])
        }
    }

    @Test("a flush by time that fails is told and tried again")
    func failsByTime() async throws {
        try await withLog(milliseconds: 500) { log, recorder in
            let loop = EmbeddedEventLoop()
            var codes: [Int32] = []
            let flusher = LogFlusher { codes.append($0.code) }
            flusher.eventLoop = loop
            log.flusher = flusher
            recorder.failFlushes(5)
            try append(log)
            loop.advanceTime(by: .milliseconds(1000))
            #expect(codes == [5, 5])
            recorder.failFlushes(nil)
            loop.advanceTime(by: .milliseconds(500))
            #expect(recorder.takeFlushed().last == "t-0" + Self.first)
        }
    }

    @Test("a batch that cannot be flushed is not there, and its offset is the next one's")
    func failed() async throws {
        try await withLog(messages: 1) { log, recorder in
            try append(log)
            let size = log.size
            recorder.failFlushes(5)
            #expect(throws: StorageError.self) { try append(log) }
            #expect(log.logEndOffset == 3)
            #expect(log.size == size)
            recorder.failFlushes(nil)
            #expect(try append(log) == 3)
        }
    }

    @Test("a broker flushes before it answers, offsets of groups too, and a topic can have it for itself")
    func broker() async throws {
        try await withTemporaryDirectory { directory in
            let recorder = DiskRecorder()
            try await withBroker(disk: recorder.disk) {
                $0.dataDirectory = directory
                $0.topics = ["t": 1, "lazy": 1]
                $0.topicDefaults[.flushMessages] = "1"
                $0.topicSettings["lazy"] = TopicSettings()
                $0.topicSettings["lazy"]?[.flushMessages] = "1000"
            } _: { (broker: EmbeddedBroker, client) async throws in
                _ = recorder.takeFlushed()
                try await client.append(try TestBatch.make(), topic: "t")
                #expect(recorder.takeFlushed().contains("t-0" + Self.first))
                try await client.append(try TestBatch.make(), topic: "lazy")
                #expect(recorder.takeFlushed() == [])
                let commit = OffsetCommitRequest(
                    groupID: "g",
                    topics: [.init(name: "t", partitions: [.init(committedOffset: 1)])]
                )
                let committed = try await client.send(commit, version: 8)
                #expect(committed.topics.first?.partitions.first?.errorCode == ErrorCode.none)
                #expect(recorder.takeFlushed().contains { $0.hasSuffix("/coordinators.state") })
                try await broker.setTopic("lazy", .flushMessages, to: "1")
                try await client.append(try TestBatch.make(), topic: "lazy")
                #expect(recorder.takeFlushed().contains("lazy-0" + Self.first))
            }
        }
    }
}
