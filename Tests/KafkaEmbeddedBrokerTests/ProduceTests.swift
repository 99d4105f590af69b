// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaEmbeddedBroker
import KafkaProtocol
import KafkaRecords
import NIOCore
import Testing

@Suite("Produce")
struct ProduceTests {
    @Test("every version appends and tells the offset", arguments: ProduceRequest.validVersions)
    func everyVersion(version: Int16) async throws {
        try await withBroker {
            $0.topics = ["orders": 1]
        } _: { broker, client in
            let id = try await client.topicID(of: "orders")
            for (count, expected) in [(0, Int64(0)), (1, 3)] {
                let request = ProduceRequest(try TestBatch.make(), topic: "orders", id: id)
                let response = try await client.send(request, version: version).single
                #expect(response.errorCode == .none, "request \(count)")
                #expect(response.baseOffset == expected)
                #expect(response.logAppendTimeMs == -1)
                #expect(response.logStartOffset == (version >= 5 ? 0 : -1))
            }
            let records = try await broker.records(topic: "orders", partition: 0)
            #expect(records.map(\.offset) == [0, 1, 2, 3, 4, 5])
            #expect(
                records.map { $0.value.map { String(buffer: $0) } } == ["one", "two", "three", "one", "two", "three"]
            )
            #expect(records[1].timestamp == TestBatch.time + 1)
            #expect(try await broker.logEndOffset(topic: "orders", partition: 0) == 6)
        }
    }

    @Test("batches of every codec are accepted and read back", arguments: CodecName.allCases, [true, false])
    func codecs(codec: CodecName, checksRecords: Bool) async throws {
        try await withBroker {
            $0.checksCompressedRecords = checksRecords
            $0.topics = ["orders": 1]
        } _: { broker, client in
            let values = (0..<500).map { "value \($0)" }
            let request = ProduceRequest(try TestBatch.make(values, codec: codec), topic: "orders")
            #expect(try await client.send(request, version: 9).single.errorCode == .none)
            let records = try await broker.records(topic: "orders", partition: 0)
            #expect(records.map { $0.value.map { String(buffer: $0) } } == values)
            #expect(records[0].batch.compressionType?.name == codec.rawValue)
        }
    }

    @Test("a batch that a broker must refuse gets the error that Kafka gives", arguments: RefusedBatch.all)
    func refusals(refused: RefusedBatch) async throws {
        try await withBroker {
            $0.topics = ["orders": 1]
            $0.messageMaxBytes = 1000
            $0.segmentBytes = 900
        } _: { broker, client in
            let request = ProduceRequest(try refused.records(), topic: "orders")
            let response = try await client.send(request, version: refused.version).single
            #expect(response.errorCode == refused.error)
            #expect(response.baseOffset == -1)
            #expect((response.errorMessage != nil) == (refused.version >= 8))
            #expect(response.recordErrors.map { Int($0.batchIndex) } == (refused.record.map { [$0] } ?? []))
            #expect(try await broker.logEndOffset(topic: "orders", partition: 0) == 0)
        }
    }

    @Test("a wrong largest timestamp in the header is put right", arguments: [nil, CodecName.zstd])
    func maxTimestamp(codec: CodecName?) async throws {
        try await withBroker {
            $0.topics = ["orders": 1]
        } _: { broker, client in
            let batch = TestBatch.setting(Int64(5), at: 35, in: try TestBatch.make(codec: codec))
            _ = try await client.send(ProduceRequest(batch, topic: "orders"), version: 9)
            let records = try await broker.records(topic: "orders", partition: 0)
            #expect(records.first?.batch.maxTimestamp == TestBatch.time + 2)
        }
    }

    @Test("each partition of a request has its own result")
    func partitions() async throws {
        try await withBroker {
            $0.topics = ["a": 2, "b": 1]
        } _: { broker, client in
            let batch = try TestBatch.make()
            let request = ProduceRequest(
                acks: 1,
                topicData: [
                    ProduceRequest.TopicData(
                        name: "a",
                        partitionData: [1, 2, -1, 0].map { .init(index: $0, records: batch) }
                    ),
                    ProduceRequest.TopicData(name: "none", partitionData: [.init(index: 0, records: batch)]),
                    ProduceRequest.TopicData(name: "b", partitionData: [.init(index: 0, records: ByteBuffer())]),
                ]
            )
            let response = try await client.send(request, version: 8)
            let errors = response.responses.map { $0.partitionResponses.map(\.errorCode) }
            #expect(
                errors == [
                    [.none, .unknownTopicOrPartition, .unknownTopicOrPartition, .none], [.unknownTopicOrPartition],
                    [.invalidRecord],
                ]
            )
            #expect(try await broker.logEndOffset(topic: "a", partition: 1) == 3)
            #expect(try await broker.logEndOffset(topic: "a", partition: 0) == 3)
        }
    }

    @Test("an unknown topic id is told from an unknown name")
    func unknownTopicID() async throws {
        try await withBroker { _, client in
            let id = TopicID(mostSignificant: 1, leastSignificant: 1)
            let request = ProduceRequest(try TestBatch.make(), topic: "", id: id)
            #expect(try await client.send(request, version: 13).single.errorCode == .unknownTopicID)
        }
    }

    @Test("acks other than 0, 1 and -1 are refused", arguments: [2, -2, Int16.max])
    func invalidAcks(acks: Int16) async throws {
        try await withBroker {
            $0.topics = ["orders": 1]
        } _: { _, client in
            let request = ProduceRequest(try TestBatch.make(), topic: "orders", acks: acks)
            #expect(try await client.send(request, version: 7).single.errorCode == .invalidRequiredAcks)
        }
    }

    @Test("with acks=0 nothing is answered, and the next request is")
    func noAcks() async throws {
        try await withBroker {
            $0.topics = ["orders": 1]
        } _: { broker, client in
            let request = ProduceRequest(try TestBatch.make(), topic: "orders", acks: 0)
            try await client.write(RequestFrame.encode(request, version: 9, correlationID: 1, clientID: nil))
            _ = try await client.send(MetadataRequest(topics: nil), version: 9, correlationID: 2)
            #expect(try await broker.logEndOffset(topic: "orders", partition: 0) == 3)
        }
    }

    @Test("with acks=0 an error closes the connection")
    func noAcksWithError() async throws {
        try await withBroker { _, client in
            let request = ProduceRequest(try TestBatch.make(), topic: "unknown", acks: 0)
            try await client.write(RequestFrame.encode(request, version: 9, correlationID: 1, clientID: nil))
            #expect(try await client.nextFrame() == nil)
        }
    }

    @Test("a node that does not lead says who does, from version 10 on", arguments: [Int16(9), 10, 12])
    func wrongLeader(version: Int16) async throws {
        try await withBroker {
            $0.brokers = 2
            $0.topics = ["orders": 2]
        } _: { broker, client in
            let request = ProduceRequest(try TestBatch.make(), topic: "orders", partition: 1)
            let response = try await client.send(request, version: version)
            #expect(response.single.errorCode == .notLeaderOrFollower)
            #expect(response.single.currentLeader.leaderID == (version >= 10 ? 2 : -1))
            #expect(response.nodeEndpoints.map { Int($0.port) } == (version >= 10 ? [broker.ports[1]] : []))
            let leader = try await TestClient.connect(port: broker.ports[1])
            #expect(try await leader.send(request, version: version).single.errorCode == .none)
            await leader.close()
        }
    }
}
