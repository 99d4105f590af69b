// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import KafkaProtocol
import KafkaRecords
import NIOCore
import Testing
import Vectors

@Suite("Vector: batches of the Java client")
struct JavaBatchVectorTests {
    @Test("they are accepted as they are, and read back record by record")
    func accepted() async throws {
        try await withBroker { broker, client in
            for (index, vector) in try RecordBatchVector.all().enumerated() {
                let topic = "vector-\(index)"
                _ = try await client.topicID(of: topic)
                let bytes = ByteBuffer(bytes: vector.bytes)
                let response = try await client.send(ProduceRequest(bytes, topic: topic), version: 12).single
                guard !vector.transactional else {
                    // The request names no transactional id.
                    #expect(response.errorCode == .transactionalIDAuthorizationFailed)
                    continue
                }
                #expect(response.errorCode == .none, "\(vector.codec): \(response.errorMessage ?? "")")
                let records = try await broker.records(topic: topic, partition: 0)
                try #require(records.count == vector.records.count)
                for (record, expected) in zip(records, vector.records) {
                    #expect(record.timestamp == expected.timestamp)
                    #expect(record.key?.hex == expected.key)
                    #expect(record.value?.hex == expected.value)
                    let headers = record.headers.map { RecordBatchVector.Header(key: $0.name, value: $0.value?.hex) }
                    #expect(headers == expected.headers)
                }
            }
        }
    }

    @Test("one flipped bit anywhere behind the length is found")
    func flippedBits() async throws {
        try await withBroker {
            $0.topics = ["flipped": 1]
        } _: { broker, client in
            // Whether a batch belongs to a transaction is looked at first: one that does needs more than its bytes.
            for vector in try RecordBatchVector.all().prefix(10) where !vector.transactional {
                let bytes = ByteBuffer(bytes: vector.bytes)
                for index in stride(from: 21, to: bytes.readableBytes, by: max(bytes.readableBytes / 20, 1))
                where index != 22 {
                    var flipped = bytes
                    let byte = try #require(bytes.getInteger(at: index, as: UInt8.self))
                    flipped.setInteger(byte ^ 0x10, at: index)
                    let response = try await client.send(ProduceRequest(flipped, topic: "flipped"), version: 12)
                    #expect(response.single.errorCode == .corruptMessage)
                }
            }
            #expect(try await broker.logEndOffset(topic: "flipped", partition: 0) == 0)
        }
    }
}
