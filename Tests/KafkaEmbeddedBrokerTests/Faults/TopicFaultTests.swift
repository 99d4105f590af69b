// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaEmbeddedBroker
import KafkaProtocol
import KafkaRecords
import NIOCore
import Testing

@Suite("Topic settings, producers and records that are refused")
struct TopicFaultTests {
    private func produce(
        _ client: TestClient,
        _ batch: ByteBuffer,
        topic: String = "orders"
    ) async throws -> ProduceResponse.PartitionResponse {
        try await client.send(ProduceRequest(batch, topic: topic), version: 9).single
    }

    @Test("max.message.bytes of a topic can be set on a running broker")
    func maxMessageBytes() async throws {
        try await withBroker {
            $0.topics = ["orders": 1, "others": 1]
            $0.topicSettings = ["orders": TopicSettings(maxMessageBytes: 100)]
        } _: { broker, client in
            let batch = try TestBatch.make([String(repeating: "x", count: 100)])
            #expect(try await produce(client, batch).errorCode == .messageTooLarge)
            #expect(try await produce(client, batch, topic: "others").errorCode == .none)
            try await broker.setTopic("orders", maxMessageBytes: 1000)
            #expect(try await produce(client, batch).errorCode == .none)
            try await broker.setTopic("others", maxMessageBytes: 100)
            #expect(try await produce(client, batch, topic: "others").errorCode == .messageTooLarge)
        }
    }

    @Test("a topic's settings are there after a restart, unless the start says otherwise")
    func restart() async throws {
        try await withTemporaryDirectory { directory in
            let batch = try TestBatch.make([String(repeating: "x", count: 100)])
            let configure: @Sendable (inout EmbeddedBroker.Configuration) -> Void = {
                $0.dataDirectory = directory
                $0.brokers = 2
            }
            try await withBroker {
                configure(&$0)
                $0.topics = ["a.b": 1]
                $0.topicSettings = ["a.b": TopicSettings(maxMessageBytes: 5000, replicationFactor: 2)]
            } _: { broker, client in
                let config = CreateTopicsRequest.Config(name: "max.message.bytes", value: "100")
                let topic = CreateTopicsRequest.Topic(
                    name: "made",
                    numPartitions: 1,
                    replicationFactor: 1,
                    configs: [config]
                )
                _ = try await client.send(CreateTopicsRequest(topics: [topic]), version: 5)
                try await broker.setTopic("a.b", maxMessageBytes: 100, minInSyncReplicas: 2)
            }
            try await withBroker(configure) { broker, client in
                #expect(try await produce(client, batch, topic: "a.b").errorCode == .messageTooLarge)
                #expect(try await produce(client, batch, topic: "made").errorCode == .messageTooLarge)
                #expect(try await produce(client, try TestBatch.make(["a"]), topic: "a.b").errorCode == .none)
                try await broker.stop(node: 2)
                let refused = try await produce(client, try TestBatch.make(["a"]), topic: "a.b")
                #expect(refused.errorCode == .notEnoughReplicas)
            }
            for _ in 0..<2 {
                try await withBroker {
                    configure(&$0)
                    $0.topicSettings = ["made": TopicSettings(maxMessageBytes: 1000)]
                } _: { _, client in
                    let made = try await produce(client, batch, topic: "made")
                    #expect(made.errorCode == .none)
                    #expect(try await produce(client, batch, topic: "a.b").errorCode == .messageTooLarge)
                }
            }
        }
    }

    @Test("after a restart no leader is in an epoch before one that clients saw")
    func leaderEpochs() async throws {
        try await withTemporaryDirectory { directory in
            let configure: @Sendable (inout EmbeddedBroker.Configuration) -> Void = {
                $0.dataDirectory = directory
                $0.brokers = 2
                $0.topics = ["orders": 1]
            }
            for expected: Int32 in [0, 3] {
                try await withBroker(configure) { broker, client in
                    let response = try await client.send(MetadataRequest(topics: nil), version: 9)
                    #expect(response.topics[0].partitions[0].leaderEpoch == expected)
                    for _ in 0..<2 { try await broker.moveLeader(topic: "orders", partition: 0) }
                }
            }
        }
    }

    @Test(
        "a producer that was forgotten may begin anywhere, and with an older broker is unknown",
        arguments: [false, true]
    )
    func forgottenProducers(refusing: Bool) async throws {
        try await withBroker {
            $0.topics = ["orders": 1]
        } _: { broker, client in
            func batch(_ sequence: Int32) throws -> ByteBuffer {
                try TestBatch.make(["a"], producerID: 5, epoch: 0, sequence: sequence)
            }
            for sequence: Int32 in 0..<2 { #expect(try await produce(client, batch(sequence)).errorCode == .none) }
            try await broker.forgetProducers(topic: "orders", partition: 0, refusing: refusing)
            let late = try await produce(client, batch(2))
            #expect(late.errorCode == (refusing ? .unknownProducerID : .none))
            #expect(late.logStartOffset == 0)
            #expect(try await produce(client, batch(refusing ? 0 : 3)).errorCode == .none)
            #expect(try await produce(client, batch(refusing ? 1 : 4)).errorCode == .none)
        }
    }

    @Test("a fault forgets the producers of the request's partitions, and of no others")
    func forgettingAtRequest() async throws {
        try await withBroker {
            $0.topics = ["orders": 2]
            $0.faults = FaultScript([
                Fault(.forgetProducers(refusing: true), to: .produce, when: .from(3), partition: 1)
            ])
        } _: { _, client in
            for partition in Int32(0)...1 {
                var errors: [ErrorCode] = []
                for sequence in Int32(0)...3 {
                    let batch = try TestBatch.make(["a"], producerID: 5, epoch: 0, sequence: sequence)
                    let request = ProduceRequest(batch, topic: "orders", partition: partition)
                    errors.append(try await client.send(request, version: 9).single.errorCode)
                }
                let unknown = ErrorCode.unknownProducerID
                #expect(errors == (partition == 0 ? [.none, .none, .none, .none] : [.none, .none, unknown, unknown]))
            }
        }
    }

    @Test(
        "a batch with records that are refused names all of them and is not appended",
        arguments: [nil, CodecName.zstd]
    )
    func refusedRecords(codec: CodecName?) async throws {
        try await withBroker {
            $0.topics = ["orders": 1, "others": 1]
            $0.faults = FaultScript([Fault(.refuseRecords(containing: "not good"), to: .produce, topic: "orders")])
        } _: { broker, client in
            let values = ["good", "this is not good", "no", "", "not good", "not goo", "not not good"]
            let batch = try TestBatch.make(values, codec: codec)
            let response = try await produce(client, batch)
            #expect(response.errorCode == .invalidRecord)
            #expect(response.recordErrors.map(\.batchIndex) == [1, 4, 6])
            #expect(response.recordErrors[0].batchIndexErrorMessage == "the value contains \"not good\"")
            #expect(response.errorMessage?.contains("3 record errors") == true)
            #expect(try await broker.logEndOffset(topic: "orders", partition: 0) == 0)
            #expect(try await produce(client, batch, topic: "others").errorCode == .none)
            #expect(try await produce(client, try TestBatch.make(["good"])).errorCode == .none)
        }
    }
}
