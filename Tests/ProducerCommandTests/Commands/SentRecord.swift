// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import KafkaProtocol
import KafkaRecords
import NIOCore

/// A record that the command sent, as the embedded broker stored it, in a form that is easy to write down.
struct SentRecord: Equatable, CustomStringConvertible {
    var key: [UInt8]?
    var value: [UInt8]?
    var headers: [String] = []

    /// A record of text; headers are written `name=value`, or `name` for null.
    init(_ value: String?, key: String? = nil, headers: [String] = []) {
        self.init(bytes: value.map { Array($0.utf8) }, key: key.map { Array($0.utf8) }, headers: headers)
    }

    init(bytes value: [UInt8]?, key: [UInt8]? = nil, headers: [String] = []) {
        self.value = value
        self.key = key
        self.headers = headers
    }

    var description: String {
        func text(_ bytes: [UInt8]?) -> String { bytes.map { "\"\(String(decoding: $0, as: UTF8.self))\"" } ?? "null" }
        return "\(text(key)):\(text(value)) \(headers)"
    }
}

extension EmbeddedBroker {
    /// A broker for one test, that makes topics of so many partitions.
    static func started(
        partitions: Int = 1,
        _ configure: (inout Configuration) -> Void = { _ in }
    ) async throws -> EmbeddedBroker {
        var configuration = Configuration()
        configuration.partitions = partitions
        configure(&configuration)
        return try await start(configuration)
    }

    /// The list for `-b`.
    var bootstrap: String { bootstrapServers.joined(separator: ",") }

    /// All records of a partition.
    func sent(to topic: String, partition: Int = 0) async throws -> [SentRecord] {
        try await records(topic: topic, partition: partition).map { record in
            SentRecord(
                bytes: record.value.map { Array($0.readableBytesView) },
                key: record.key.map { Array($0.readableBytesView) },
                headers: record.headers.map { header in
                    header.name
                        + (header.value.map { "=" + String(decoding: $0.readableBytesView, as: UTF8.self) } ?? "")
                }
            )
        }
    }
}
