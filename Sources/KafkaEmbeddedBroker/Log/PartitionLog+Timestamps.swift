// SPDX-License-Identifier: Apache-2.0
import KafkaRecords
import NIOCore

extension PartitionLog {
    /// Offset and timestamp of the first record whose timestamp is at least `timestamp`. A batch that cannot be decoded
    /// is answered for by its first record.
    func firstRecord(fromTimestamp timestamp: Int64) throws(StorageError) -> (offset: Int64, timestamp: Int64)? {
        guard let bytes = try batch(fromTimestamp: timestamp) else { return nil }
        guard let outline = BatchOutline(in: bytes, at: bytes.readerIndex) else { return nil }
        do {
            let batch = try RecordBatchReader(bytes)
            for record in try batch.decompressedRecords() {
                let found = batch.header.timestamp(of: record)
                if found >= timestamp { return (batch.header.offset(of: record), found) }
            }
        } catch {
            return (outline.baseOffset, outline.maxTimestamp)
        }
        return (outline.baseOffset, outline.maxTimestamp)
    }
}
