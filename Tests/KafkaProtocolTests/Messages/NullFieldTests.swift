// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing
import Vectors

/// Nulls, which the Java client's vectors do not have. The bytes were written by kafka-python 3.0.12.
@Suite("Null fields")
struct NullFieldTests {
    private func roundTrip<Message: KafkaMessage>(_: Message.Type, version: Int16, _ hex: String) throws -> Message {
        var body = ByteBuffer(bytes: [UInt8](hex: hex))
        let message = try Message(decoding: &body, version: version)
        var encoded = ByteBuffer()
        try message.encode(into: &encoded, version: version)
        #expect(encoded.hex == hex)
        return message
    }

    @Test("null asks for the metadata of all topics", arguments: [(Int16(1), "ffffffff"), (9, "0001000000")])
    func allTopics(version: Int16, hex: String) throws {
        #expect(try roundTrip(MetadataRequest.self, version: version, hex).topics == nil)
    }

    @Test("in version 0, null is written as the empty array that asks for all topics")
    func allTopicsOfVersion0() throws {
        var encoded = ByteBuffer()
        try MetadataRequest(topics: nil).encode(into: &encoded, version: 0)
        #expect(encoded.hex == "00000000")
        #expect(try MetadataRequest(decoding: &encoded, version: 0).topics == [])
    }

    @Test("a topic may be asked for by its id alone")
    func topicByID() throws {
        let hex = "02000000000000000000000000000000010000000000"
        let request = try roundTrip(MetadataRequest.self, version: 12, hex)
        let id = TopicID(mostSignificant: 0, leastSignificant: 1)
        #expect(request.topics == [.init(topicID: id, name: nil)])
        #expect(!request.allowAutoTopicCreation)
    }

    @Test(
        "a cluster without racks, id and controller is described",
        arguments: [
            (Int16(5), "00000000000000010000000100016800002384ffffffffffffffff00000000"),
            (
                Int16(12),
                "000000000200000001026800002384000000ffffffff0200640000000000000000000000000000000002000180000000"
                    + "0000"
            ),
        ]
    )
    func metadata(version: Int16, hex: String) throws {
        let response = try roundTrip(MetadataResponse.self, version: version, hex)
        #expect(response.brokers == [.init(nodeID: 1, host: "h", port: 9092, rack: nil)])
        #expect(response.clusterID == nil)
        #expect(response.controllerID == -1)
        #expect(response.topics.allSatisfy { $0.name == nil && $0.errorCode == .unknownTopicID })
    }

    @Test(
        "a produce request may have neither transactional id nor records",
        arguments: [
            (Int16(3), "ffffffff000003e8000000010001740000000100000001ffffffff"),
            (9, "00ffff000003e8020274020000000100000000"),
        ]
    )
    func produceRequest(version: Int16, hex: String) throws {
        let request = try roundTrip(ProduceRequest.self, version: version, hex)
        #expect(request.transactionalID == nil)
        #expect(request.topicData == [.init(name: "t", partitionData: [.init(index: 1, records: nil)])])
    }

    @Test("errors of a produce response may have no text")
    func produceResponse() throws {
        let hex =
            "0000000100017400000001000000000057ffffffffffffffffffffffffffffffffffffffffffffffff0000000100000003"
            + "ffffffff00000000"
        let partition = try roundTrip(ProduceResponse.self, version: 8, hex).responses.first?.partitionResponses.first
        #expect(partition?.errorCode == .invalidRecord)
        #expect(partition?.errorMessage == nil)
        #expect(partition?.recordErrors == [.init(batchIndex: 3, batchIndexErrorMessage: nil)])
    }

    @Test(
        "an idempotent producer has no transactional id",
        arguments: [(Int16(1), "ffff7fffffff"), (4, "007fffffffffffffffffffffffffff00")]
    )
    func producerID(version: Int16, hex: String) throws {
        let request = try roundTrip(InitProducerIDRequest.self, version: version, hex)
        #expect(request == InitProducerIDRequest(transactionalID: nil, transactionTimeoutMs: .max))
    }

    @Test(
        "a fetched partition may have neither records nor aborted transactions",
        arguments: [
            (Int16(11), "00000000" + "0000" + "00000000" + "00000001" + "000174", "00000001", ""),
            (Int16(12), "00000000" + "0000" + "00000000" + "02" + "0274", "02", "00"),
        ]
    )
    func fetch(version: Int16, head: String, partitionCount: String, tags: String) throws {
        // error 1, high watermark, last stable offset and log start -1; no aborted transactions, replica -1, no records
        let null = version < 12 ? "ffffffff" : "00"
        let offsets = String(repeating: "f", count: 48)
        let partition = "00000000" + "0001" + offsets + null + "ffffffff" + null + tags
        let hex = head + partitionCount + partition + tags + tags
        let decoded = try roundTrip(FetchResponse.self, version: version, hex).responses.first?.partitions.first
        let expected = FetchResponse.PartitionData(
            errorCode: .offsetOutOfRange,
            highWatermark: -1,
            abortedTransactions: nil,
            records: nil
        )
        #expect(decoded == expected)
    }

    @Test(
        "a topic may be created with a setting without a value",
        arguments: [
            (
                Int16(2),
                "00000001000174ffffffffffff0000000000000001000c726574656e74696f6e2e6d73ffff0000ea6000"
            ),
            (5, "020274ffffffffffff01020d726574656e74696f6e2e6d730000000000ea600000"),
        ]
    )
    func createTopics(version: Int16, hex: String) throws {
        let topic = try roundTrip(CreateTopicsRequest.self, version: version, hex).topics.first
        #expect(topic?.configs == [.init(name: "retention.ms", value: nil)])
        #expect(topic?.numPartitions == -1)
    }

    @Test(
        "a created topic may have no settings to show",
        arguments: [
            (Int16(2), "00000000000000010001740000ffff", ErrorCode.none),
            (5, "0000000002027400000000000001000100010002001d00", .topicAuthorizationFailed),
        ]
    )
    func createdTopics(version: Int16, hex: String, topicConfigErrorCode: ErrorCode) throws {
        let topic = try roundTrip(CreateTopicsResponse.self, version: version, hex).topics.first
        #expect(topic?.errorMessage == nil)
        #expect(topic?.configs == (version < 5 ? [] : nil))
        #expect(topic?.topicConfigErrorCode == topicConfigErrorCode)
    }

    @Test("null is refused where there must be a value")
    func unexpectedNull() {
        var body = ByteBuffer(bytes: [UInt8](hex: "00000001ffff"))
        let error = #expect(throws: DecodingError.self) { try MetadataRequest(decoding: &body, version: 4) }
        #expect(error?.reason == .unexpectedNull)
        #expect(error?.description == "MetadataRequest v4.topics[0].name: null is not allowed here at byte 4")
    }
}
