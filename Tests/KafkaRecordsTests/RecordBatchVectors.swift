// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaProtocol
import KafkaRecords
import NIOCore
import Testing
import Vectors

/// Record batches that kafka-clients 4.3.0 wrote, with the records that went into them.
enum RecordBatchVectors {
    /// One batch.
    struct Entry: Decodable, CustomTestStringConvertible {
        struct Header: Decodable, Equatable {
            var key: String
            var value: String?
        }
        struct Record: Decodable, Equatable {
            var timestamp: Int64
            var key: String?
            var value: String?
            var headers: [Header]
        }

        var codec: String
        var producerId: Int64
        var producerEpoch: Int16
        var baseSequence: Int32
        var transactional: Bool
        var records: [Record]
        var hex: String

        var bytes: [UInt8] { [UInt8](hex: hex) }
        var testDescription: String { "\(codec), \(records.count) records, \(hex.count / 2) bytes" }
    }

    /// All batches of the folder that KAFKA_VECTORS names, or of the fixtures.
    static func load() throws -> [Entry] {
        try file.get()
    }

    /// The uncompressed batches among them.
    static func loadUncompressed() throws -> [Entry] {
        try load().filter { $0.codec == "none" }
    }

    private static let file = Result {
        try VectorFolder.load("record_batches.json", in: .module, as: [Entry].self)
    }
}

extension RecordBatchVectors.Entry {
    /// Builds the batch again out of its records.
    func contents() throws -> RecordBatchContents {
        var builder = RecordBatchBuilder(reusing: ByteBuffer(), limit: 1 << 24)
        for record in records {
            let key = record.key.map { [UInt8](hex: $0) }
            let value = record.value.map { [UInt8](hex: $0) }
            let headers = EncodedHeaders(
                record.headers.map { header in
                    RecordHeader(name: header.key, value: header.value.map { ByteBuffer(bytes: [UInt8](hex: $0)) })
                }
            )
            let size = builder.size
            let expected = builder.sizeOfNextRecord(
                keyCount: key?.count,
                valueCount: value?.count,
                headersSize: headers.size,
                timestamp: record.timestamp
            )
            let isAppended = builder.append(key, value, headers: headers, timestamp: record.timestamp)
            try #require(isAppended)
            #expect(builder.size - size == expected)
        }
        return builder.finish()
    }
}

extension RecordBatchVectors.Entry.Record {
    /// What a reader made of the record, in the form of the vectors.
    init(_ record: Record, in header: RecordBatchHeader) {
        timestamp = header.timestamp(of: record)
        key = record.key?.hex
        value = record.value?.hex
        headers = record.headers.map { RecordBatchVectors.Entry.Header(key: $0.name, value: $0.value?.hex) }
    }
}

extension RecordBatchBuilder {
    /// Appends arrays, where a test has nothing else.
    mutating func append(
        _ key: [UInt8]?,
        _ value: [UInt8]?,
        headers: EncodedHeaders = .none,
        timestamp: Int64
    ) -> Bool {
        switch (key, value) {
        case (let key?, let value?):
            append(key: key.span, value: value.span, headers: headers, timestamp: timestamp)
        case (let key?, nil): append(key: key.span, value: nil, headers: headers, timestamp: timestamp)
        case (nil, let value?): append(key: nil, value: value.span, headers: headers, timestamp: timestamp)
        case (nil, nil): append(key: nil, value: nil, headers: headers, timestamp: timestamp)
        }
    }
}
