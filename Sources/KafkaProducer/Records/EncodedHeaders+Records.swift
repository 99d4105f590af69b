// SPDX-License-Identifier: Apache-2.0
public import KafkaRecords
import NIOCore

extension EncodedHeaders {
    /// The headers of a record, as they stand in a batch.
    public init(_ headers: [ProducerRecordHeader]) {
        self.init(headers.map { RecordHeader(name: $0.name, value: $0.value.map { ByteBuffer(bytes: $0) }) })
    }
}

extension HeaderEncoder {
    /// An encoder of headers behind `fixed` ones.
    public init(behind fixed: [ProducerRecordHeader]) {
        self.init(
            behind: fixed.map { RecordHeader(name: $0.name, value: $0.value.map { ByteBuffer(bytes: $0) }) }
        )
    }
}
