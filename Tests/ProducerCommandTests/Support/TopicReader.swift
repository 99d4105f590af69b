// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaClient
import KafkaProducer
import KafkaReader
import KafkaRecords
import NIOCore

/// Reads topics with this project's own reader, where what is stored matters and not who says so. Where another client is to
/// be the witness, there are `Kcat` and `ConfluentKafka`.
enum TopicReader {
    /// Reads a topic from its first record to its present end, with headers. Records come in order of partition, offset.
    static func read(
        _ topic: String,
        from bootstrap: String,
        isolation: IsolationLevel = .readUncommitted
    ) async throws -> [StoredRecord] {
        let brokers = try bootstrap.split(separator: ",").map { text in
            let server = try BootstrapServer(String(text))
            return BrokerAddress(nodeID: nil, host: server.host, port: server.port)
        }
        let reader = try KafkaReader(ReaderConfiguration(bootstrap: brokers))
        do {
            var records: [StoredRecord] = []
            for partition in 0..<(try await reader.partitionCount(of: topic)) {
                for try await batch in try reader.read(topic, partition: Int32(partition), isolation: isolation) {
                    records += batch.map { StoredRecord($0, partition: Int32(partition)) }
                }
            }
            await reader.close()
            return records
        } catch {
            await reader.close()
            throw error
        }
    }

    /// The values of a topic as text, null left out. Partitions come one after the other.
    static func values(
        _ topic: String,
        from bootstrap: String,
        isolation: IsolationLevel = .readUncommitted
    ) async throws -> [String] {
        try await read(topic, from: bootstrap, isolation: isolation).compactMap { record in
            record.value.map { String(decoding: $0, as: UTF8.self) }
        }
    }
}

extension StoredRecord {
    fileprivate init(_ record: ReadRecord, partition: Int32) {
        self.init(
            partition: partition,
            offset: record.offset,
            timestamp: record.timestamp,
            key: record.key.map { Data($0.readableBytesView) },
            value: record.value.map { Data($0.readableBytesView) },
            headers: record.headers.map { header in
                Header(name: header.name, value: header.value.map { Data($0.readableBytesView) })
            }
        )
    }
}
