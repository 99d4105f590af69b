// SPDX-License-Identifier: Apache-2.0
import KafkaRecords
import NIOCore

/// One of the last records of a topic, as the page shows it.
struct ShownRecord: Encodable, Equatable {
    /// Headers that are shown at most.
    private static let mostHeaders = 16

    struct Header: Encodable, Equatable {
        var name: ShownBytes
        var value: ShownBytes?
    }

    var partition: Int32
    var offset: Int64
    /// Milliseconds since 1970.
    var timestamp: Int64
    var key: ShownBytes?
    var value: ShownBytes?
    var headers: [Header]
    /// `open` or `aborted`: that of a transaction that readers of committed records do not see; else nil.
    var transaction: String?

    init(_ record: Record, in batch: RecordBatchHeader, partition: Int32) {
        self.partition = partition
        offset = batch.offset(of: record)
        timestamp = batch.timestamp(of: record)
        key = record.key.map(ShownBytes.init)
        value = record.value.map(ShownBytes.init)
        headers = record.headers.prefix(Self.mostHeaders).map { header in
            Header(name: ShownBytes(ByteBuffer(string: header.name)), value: header.value.map(ShownBytes.init))
        }
    }
}
