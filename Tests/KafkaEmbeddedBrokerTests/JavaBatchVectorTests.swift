// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import KafkaProtocol
import KafkaRecords
import NIOCore
import Testing

@Suite("Vector: batches of the Java client")
struct JavaBatchVectorTests {
    /// A batch that the Java client made, and the records that it made it from.
    private struct Vector: Decodable {
        struct Record: Decodable {
            let timestamp: Int64
            let key: String?
            let value: String?
            let headers: [Header]
        }

        struct Header: Decodable {
            let key: String
            let value: String?
        }

        let codec: String
        let transactional: Bool
        let hex: String
        let records: [Record]
    }

    private static func vectors() throws -> [Vector] {
        let folder: URL
        if let path = ProcessInfo.processInfo.environment["KAFKA_VECTORS"] {
            folder = URL(fileURLWithPath: path)
        } else {
            // The tests of record batches keep them.
            folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .appendingPathComponent("KafkaRecordsTests/Fixtures")
        }
        let data = try Data(contentsOf: folder.appendingPathComponent("record_batches.json"))
        return try JSONDecoder().decode([Vector].self, from: data)
    }

    @Test("they are accepted as they are, and read back record by record")
    func accepted() async throws {
        try await withBroker { broker, client in
            for (index, vector) in try Self.vectors().enumerated() {
                let topic = "vector-\(index)"
                _ = try await client.topicID(of: topic)
                let bytes = try #require(ByteBuffer(hex: vector.hex))
                let response = try await client.send(ProduceRequest(bytes, topic: topic), version: 12).single
                guard !vector.transactional else {
                    #expect(response.errorCode == .invalidRecord)
                    continue
                }
                #expect(response.errorCode == .none, "\(vector.codec): \(response.errorMessage ?? "")")
                let records = try await broker.records(topic: topic, partition: 0)
                try #require(records.count == vector.records.count)
                for (record, expected) in zip(records, vector.records) {
                    #expect(record.timestamp == expected.timestamp)
                    #expect(record.key == expected.key.flatMap { ByteBuffer(hex: $0) })
                    #expect(record.value == expected.value.flatMap { ByteBuffer(hex: $0) })
                    #expect(
                        record.headers
                            == expected.headers.map {
                                RecordHeader(name: $0.key, value: $0.value.flatMap { ByteBuffer(hex: $0) })
                            }
                    )
                }
            }
        }
    }

    @Test("one flipped bit anywhere behind the length is found")
    func flippedBits() async throws {
        try await withBroker {
            $0.topics = ["flipped": 1]
        } _: { broker, client in
            for vector in try Self.vectors().prefix(10) {
                let bytes = try #require(ByteBuffer(hex: vector.hex))
                for index in stride(from: 21, to: bytes.readableBytes, by: max(bytes.readableBytes / 20, 1)) {
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

extension ByteBuffer {
    /// The bytes that hexadecimal digits write; nil when they are none.
    fileprivate init?(hex: String) {
        let digits = Array(hex.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        self.init()
        for index in stride(from: 0, to: digits.count, by: 2) {
            let pair = String(decoding: digits[index..<index + 2], as: UTF8.self)
            guard let byte = UInt8(pair, radix: 16) else { return nil }
            writeInteger(byte)
        }
    }
}
