// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import KafkaRecords
import NIOCore
public import Testing
public import Vectors

/// Record batches that kafka-clients 4.3.0 wrote, with the records that went into them.
enum RecordBatchVectors {
    /// One batch.
    typealias Entry = RecordBatchVector

    /// All of them.
    static func load() throws -> [Entry] {
        try RecordBatchVector.all()
    }

    /// The uncompressed batches among them.
    static func loadUncompressed() throws -> [Entry] {
        try load().filter { $0.codec == "none" }
    }
}

extension RecordBatchVector: CustomTestStringConvertible {
    /// What test reports call it.
    public var testDescription: String { "\(codec), \(records.count) records, \(hex.count / 2) bytes" }
}

extension RecordBatchVector {
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

extension RecordBatchVector.Record {
    /// What a reader made of the record, in the form of the vectors.
    init(_ record: Record, in header: RecordBatchHeader) {
        self.init(
            timestamp: header.timestamp(of: record),
            key: record.key?.hex,
            value: record.value?.hex,
            headers: record.headers.map { RecordBatchVector.Header(key: $0.name, value: $0.value?.hex) }
        )
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
