// SPDX-License-Identifier: Apache-2.0
import KafkaRecords
import NIOCore

/// What a control batch says of its producer's transaction. The key of its only record holds a version and the type.
enum ControlRecordType: Int16 {
    case abort = 0
    case commit = 1

    /// The type of `batch`, or nil when it is none that a transaction has.
    init?(_ batch: RecordBatchReader) {
        guard var records = try? batch.makeIterator(), let key = try? records.next()?.key,
            let type = key.getInteger(at: key.readerIndex + 2, as: Int16.self)
        else { return nil }
        self.init(rawValue: type)
    }
}
