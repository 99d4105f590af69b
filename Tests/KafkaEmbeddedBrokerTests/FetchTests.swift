// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import KafkaRecords
import NIOCore
import NIOEmbedded
import Testing

@testable import KafkaEmbeddedBroker

@Suite("Fetch")
struct FetchTests {
    @Test("every version brings the records from an offset on", arguments: FetchRequest.validVersions)
    func everyVersion(version: Int16) async throws {
        try await withBroker {
            $0.topics = ["orders": 1]
        } _: { _, client in
            let id = try await client.topicID(of: "orders")
            for values in [["a", "b"], ["c"], ["d"]] {
                try await client.append(try TestBatch.make(values), topic: "orders")
            }
            let response = try await client.send(
                FetchRequest(topic: "orders", id: id, from: 2),
                version: version
            )
            #expect(response.errorCode == .none)
            #expect(response.sessionID == 0)
            #expect(response.single.errorCode == .none)
            #expect(response.single.highWatermark == 4)
            #expect(response.single.lastStableOffset == 4)
            #expect(response.single.logStartOffset == (version >= 5 ? 0 : -1))
            #expect(try response.single.values() == ["c", "d"])
        }
    }

    @Test("a fetch in the middle of a batch brings the whole batch, with its offsets")
    func middleOfBatch() async throws {
        try await withBroker {
            $0.topics = ["orders": 1]
        } _: { _, client in
            for _ in 0..<2 { try await client.append(try TestBatch.make(), topic: "orders") }
            let response = try await client.send(FetchRequest(topic: "orders", from: 4), version: 12)
            let header = try RecordBatchHeader(decoding: try #require(response.single.records))
            #expect(header.baseOffset == 3)
            #expect(header.partitionLeaderEpoch == 0)
            #expect(try response.single.values() == ["one", "two", "three"])
        }
    }

    @Test("no more comes than was asked for, but the first batch always whole")
    func limits() async throws {
        try await withBroker {
            $0.topics = ["orders": 2]
        } _: { _, client in
            let batch = try TestBatch.make()
            let size = Int32(batch.readableBytes)
            for partition in Int32(0)...1 {
                for _ in 0..<5 { try await client.append(batch, topic: "orders", partition: partition) }
            }
            for (maxBytes, batches) in [(Int32(1), 1), (size, 1), (2 * size, 2), (3 * size - 1, 2)] {
                let response = try await client.send(FetchRequest(topic: "orders", maxBytes: maxBytes), version: 12)
                #expect(try response.single.values().count == 3 * batches)
            }
            var both = FetchRequest(topic: "orders")
            both.topics[0].partitions.append(
                FetchRequest.Partition(partition: 1, fetchOffset: 0, partitionMaxBytes: 1 << 20)
            )
            for (maxBytes, expected) in [(Int32(0), [3, 0]), (5 * size, [15, 0]), (6 * size, [15, 3])] {
                both.maxBytes = maxBytes
                let found = try await client.send(both, version: 12).responses[0].partitions
                #expect(try found.map { try $0.values().count } == expected)
            }
        }
    }

    @Test("a fetch at the end waits until something is appended")
    func longPoll() async throws {
        try await withBroker {
            $0.topics = ["orders": 1]
        } _: { broker, client in
            var request = FetchRequest(topic: "orders")
            request.maxWaitMs = .max
            try await client.write(RequestFrame.encode(request, version: 12, correlationID: 1, clientID: nil))
            // This one waits behind the fetch.
            try await client.write(
                RequestFrame.encode(MetadataRequest(topics: []), version: 9, correlationID: 2, clientID: nil)
            )
            let producer = try await TestClient.connect(port: broker.ports[0])
            try await producer.append(try TestBatch.make(), topic: "orders")
            let response = try await client.response(to: FetchRequest.self, version: 12, correlationID: 1)
            #expect(try response.single.values() == ["one", "two", "three"])
            _ = try await client.response(to: MetadataRequest.self, version: 9, correlationID: 2)
            await producer.close()
        }
    }

    @Test("a fetch waits for as many bytes as it asks for")
    func minBytes() async throws {
        try await withBroker {
            $0.topics = ["orders": 1]
        } _: { broker, client in
            let batch = try TestBatch.make()
            var request = FetchRequest(topic: "orders")
            request.maxWaitMs = .max
            request.minBytes = Int32(batch.readableBytes) * 3
            try await client.write(RequestFrame.encode(request, version: 12, correlationID: 1, clientID: nil))
            let producer = try await TestClient.connect(port: broker.ports[0])
            for _ in 0..<3 { try await producer.append(batch, topic: "orders") }
            let response = try await client.response(to: FetchRequest.self, version: 12, correlationID: 1)
            #expect(try response.single.values().count == 9)
            await producer.close()
        }
    }

    @Test("a fetch waits no longer than it is willing to", arguments: [Int32(1), 500, .max])
    func maxWait(milliseconds: Int32) throws {
        let bench = try FaultBench()
        var request = FetchRequest(topic: "orders")
        request.maxWaitMs = milliseconds
        let answer = AnswerRecorder(try bench.serve(request, version: 12))
        bench.loop.advanceTime(by: .milliseconds(Int64(milliseconds)) - .nanoseconds(1))
        #expect(answer.isWaiting && answer.pieces.isEmpty)
        bench.loop.advanceTime(by: .nanoseconds(1))
        #expect(!answer.isWaiting)
        let response = try answer.response(to: FetchRequest.self, version: 12)
        #expect(response.single.errorCode == .none)
        #expect(try response.single.values().isEmpty)
    }

    @Test("a partition that a fetch names twice counts once for what it waits for")
    func namedTwice() throws {
        let bench = try FaultBench()
        var request = FetchRequest(topic: "orders")
        request.topics[0].partitions += request.topics[0].partitions
        request.maxWaitMs = .max
        request.minBytes = Int32(try TestBatch.make().readableBytes) * 2
        let answer = AnswerRecorder(try bench.serve(request, version: 12))
        _ = try bench.produce()
        bench.loop.run()
        #expect(answer.isWaiting)
        _ = try bench.produce()
        bench.loop.run()
        #expect(!answer.isWaiting)
    }

    /// A request of a few kilobytes could have the same records copied as often as it named them, without an end.
    @Test("an answer has no more records than a broker's fetch.max.bytes, however often it is asked for them")
    func namedManyTimes() throws {
        let bench = try FaultBench()
        let batch = try TestBatch.make([String(repeating: "x", count: 1_000_000)])
        _ = try bench.serve(ProduceRequest(batch, topic: "orders"), version: 9)
        var request = FetchRequest(topic: "orders", maxBytes: .max)
        request.maxBytes = .max
        request.topics[0].partitions = Array(repeating: request.topics[0].partitions[0], count: 100)
        let answer = AnswerRecorder(try bench.serve(request, version: 12))
        let partitions = try answer.response(to: FetchRequest.self, version: 12).responses[0].partitions
        #expect(partitions.count == 100)
        let sizes = partitions.map { $0.records?.readableBytes ?? 0 }
        #expect(sizes.reduce(0, +) <= 55 << 20)
        #expect(sizes.filter { $0 > 0 }.count == (55 << 20) / batch.readableBytes)
    }

    @Test("a client that goes away while it waits leaves nothing behind")
    func goneWhileWaiting() async throws {
        try await withBroker {
            $0.topics = ["orders": 1]
        } _: { broker, client in
            let waiting = try await TestClient.connect(port: broker.ports[0])
            var request = FetchRequest(topic: "orders")
            request.maxWaitMs = .max
            try await waiting.write(RequestFrame.encode(request, version: 12, correlationID: 1, clientID: nil))
            await waiting.close()
            for _ in 0..<3 { try await client.append(try TestBatch.make(), topic: "orders") }
            #expect(try await broker.logEndOffset(topic: "orders", partition: 0) == 9)
        }
    }

    @Test("what cannot be read is refused at once")
    func refusals() async throws {
        try await withBroker {
            $0.brokers = 2
            $0.topics = ["orders": 2]
        } _: { broker, client in
            func error(_ request: FetchRequest, version: Int16 = 12) async throws -> ErrorCode {
                var waiting = request
                waiting.maxWaitMs = .max
                return try await client.send(waiting, version: version).single.errorCode
            }
            #expect(try await error(FetchRequest(topic: "none")) == .unknownTopicOrPartition)
            #expect(try await error(FetchRequest(topic: "orders", partition: 2)) == .unknownTopicOrPartition)
            #expect(try await error(FetchRequest(topic: ""), version: 13) == .unknownTopicID)
            #expect(try await error(FetchRequest(topic: "orders", from: 1)) == .offsetOutOfRange)
            #expect(try await error(FetchRequest(topic: "orders", from: -1)) == .offsetOutOfRange)
            #expect(try await error(FetchRequest(topic: "orders", leaderEpoch: 1)) == .unknownLeaderEpoch)
            let id = try await client.topicID(of: "orders")
            let elsewhere = FetchRequest(topic: "orders", id: id, partition: 1)
            let response = try await client.send(elsewhere, version: 16)
            #expect(response.single.errorCode == .notLeaderOrFollower)
            #expect(response.single.currentLeader.leaderID == 2)
            #expect(response.nodeEndpoints.map { Int($0.port) } == [broker.ports[1]])
        }
    }

    @Test("there are no fetch sessions to go on with")
    func sessions() async throws {
        try await withBroker {
            $0.topics = ["orders": 1]
        } _: { _, client in
            var request = FetchRequest(topic: "orders")
            request.sessionID = 5
            request.sessionEpoch = 1
            #expect(try await client.send(request, version: 12).errorCode == .fetchSessionIDNotFound)
            request.sessionEpoch = 0
            let response = try await client.send(request, version: 12)
            #expect(response.errorCode == .none)
            #expect(response.sessionID == 0)
        }
    }
}
