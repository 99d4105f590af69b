// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaProtocol
import Logging
import NIOCore
import Platform
import Testing

@testable import KafkaEmbeddedBroker

@Suite("A disk that is full")
struct FullDiskTests {
    private static let codes = [ENOSPC, EDQUOT, EIO, EFBIG]

    @Test(
        "a batch that is half written is not there, nor after a crash, and the next one has its offset",
        arguments: codes,
        [0, 5, 12, 61, 92]
    )
    func halfWritten(code: Int32, written: Int) async throws {
        try await withTemporaryDirectory { directory in
            let recorder = DiskRecorder()
            var options = PartitionLog.Options(directory: directory, segmentBytes: 1 << 30)
            options.disk = recorder.disk
            let log = try PartitionLog(options: options, logger: .silent)
            let batch = try TestBatch.checked(TestBatch.make())
            _ = try log.append(batch, leaderEpoch: 0)
            recorder.fail(code, after: written)
            for _ in 0..<3 {
                let error = #expect(throws: StorageError.self) { try log.append(batch, leaderEpoch: 0) }
                #expect(error?.code == code)
            }
            #expect(log.logEndOffset == 3)
            #expect(try log.batches(from: 0, maximumBytes: 1 << 20, atLeastOne: true).readableBytes == 93)
            let file = URL(fileURLWithPath: directory + "/00000000000000000000.log")
            #expect(try Data(contentsOf: file).count == 93)
            #expect(try PartitionLog(options: options, logger: .silent).logEndOffset == 3)
            recorder.fail(nil)
            #expect(try log.append(batch, leaderEpoch: 0) == 3)
            #expect(try PartitionLog(options: options, logger: .silent).logEndOffset == 6)
        }
    }

    private func produce(_ client: TestClient, _ value: String, sequence: Int32) async throws -> ErrorCode {
        let batch = try TestBatch.make([value], producerID: 5, epoch: 0, sequence: sequence)
        return try await client.send(ProduceRequest(batch, topic: "t"), version: 9).single.errorCode
    }

    @Test("producers get KAFKA_STORAGE_ERROR, the broker says it once, serves on, and writes as soon as it can")
    func broker() async throws {
        try await withTemporaryDirectory { directory in
            let recorder = DiskRecorder()
            let log = LogRecorder(.critical)
            try await withBroker(disk: recorder.disk, logger: log.logger) {
                $0.dataDirectory = directory
                $0.topics = ["t": 1]
            } _: { (broker: EmbeddedBroker, client) async throws in
                #expect(try await produce(client, "a", sequence: 0) == .none)
                recorder.fail(ENOSPC, after: 30)
                for _ in 0..<5 { #expect(try await produce(client, "b", sequence: 1) == .kafkaStorageError) }
                #expect(log.messages.count == 1)
                let message = try #require(log.messages.first)
                #expect(message.contains("cannot write \(directory)/t-0/00000000000000000000.log: No space left"))
                #expect(message.contains("KAFKA_STORAGE_ERROR"))
                // What is there can be read.
                let fetched = try await client.send(FetchRequest(topic: "t"), version: 12).single
                #expect(try fetched.values() == ["a"])
                #expect(fetched.highWatermark == 1)
                recorder.fail(nil)
                #expect(try await produce(client, "b", sequence: 1) == .none)
                #expect(try await produce(client, "b", sequence: 1) == .none)
                #expect(try await broker.logEndOffset(topic: "t", partition: 0) == 2)
            }
            try await withBroker {
                $0.dataDirectory = directory
            } _: { (broker: EmbeddedBroker, _) async throws in
                #expect(try await broker.logEndOffset(topic: "t", partition: 0) == 2)
            }
        }
    }

    @Test("a follower whose disk is full falls behind, and has all when there is room again")
    func follower() async throws {
        try await withTemporaryDirectory { directory in
            let recorder = DiskRecorder()
            try await withBroker(disk: recorder.disk) {
                $0.dataDirectory = directory
                $0.brokers = 2
                $0.replicationFactor = 2
                $0.topics = ["t": 1]
            } _: { (broker: EmbeddedBroker, client) async throws in
                recorder.fail(ENOSPC, after: 30, in: "/node-2/")
                let request = ProduceRequest(try TestBatch.make(["a"]), topic: "t", acks: 1)
                #expect(try await client.send(request, version: 9).single.errorCode == .none)
                try await broker.replicate()
                #expect(try await broker.describe(topic: "t", partition: 0).logEndOffsets == [1: 1, 2: 0])
                #expect(try await broker.describe(topic: "t", partition: 0).highWatermark == 0)
                recorder.fail(nil)
                try await broker.replicate()
                #expect(try await broker.describe(topic: "t", partition: 0).highWatermark == 1)
            }
        }
    }

    @Test("offsets that cannot be written down are not committed, and are when there is room again")
    func offsets() async throws {
        try await withTemporaryDirectory { directory in
            let recorder = DiskRecorder()
            try await withBroker(disk: recorder.disk) {
                $0.dataDirectory = directory
                $0.topics = ["t": 1]
            } _: { (broker: EmbeddedBroker, client) async throws in
                func commit(_ offset: Int64) async throws -> ErrorCode? {
                    let request = OffsetCommitRequest(
                        groupID: "g",
                        topics: [.init(name: "t", partitions: [.init(committedOffset: offset)])]
                    )
                    return try await client.send(request, version: 8).topics.first?.partitions.first?.errorCode
                }
                #expect(try await commit(1) == ErrorCode.none)
                recorder.fail(ENOSPC, after: 3, in: "coordinators.state")
                #expect(try await commit(2) == .coordinatorNotAvailable)
                #expect(try await broker.committedOffset(group: "g", topic: "t", partition: 0)?.offset == 1)
                recorder.fail(nil)
                #expect(try await commit(3) == ErrorCode.none)
                #expect(try await broker.committedOffset(group: "g", topic: "t", partition: 0)?.offset == 3)
            }
            #expect(
                try StateJournal(path: directory + "/coordinators.state").values.values.contains { $0.hasPrefix("3 ") }
            )
        }
    }

    @Test("a disk that takes some writes and refuses others is told of once a minute at most")
    func told() {
        var trouble = DiskTrouble()
        let interval = DiskTrouble.interval
        var told: [Bool] = []
        for (now, worksAgain) in [
            (0, false), (interval * 2, true), (interval * 2 + 1, true), (interval * 3, true), (interval * 3 + 1, false),
        ] {
            told.append(trouble.failed(now: now))
            #expect(trouble.isPresent)
            if worksAgain { trouble.ended() }
        }
        #expect(told == [true, false, true, false, true])
    }

    @Test("a small file that cannot be written leaves the former one, and nothing beside it")
    func smallFile() async throws {
        try await withTemporaryDirectory { directory in
            try Directory.write("old", to: directory + "/a")
            try FileManager.default.createDirectory(atPath: directory + "/b", withIntermediateDirectories: true)
            #expect(throws: StorageError.self) { try Directory.write("new", to: directory + "/b") }
            #expect(try Directory.names(in: directory) == ["a", "b"])
        }
    }
}
