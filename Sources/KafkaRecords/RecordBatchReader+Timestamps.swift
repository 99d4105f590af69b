// SPDX-License-Identifier: Apache-2.0
public import NIOCore

extension RecordBatchReader {
    /// Calls `body` for each stretch of records that carry the same timestamp, in order. Passes over all else that a record
    /// holds, which is not checked.
    ///
    /// - Parameters:
    ///   - section: What decompressing `recordsSection` gave.
    ///   - body: Gets the records' indices within the batch, and their timestamp in milliseconds since 1970.
    /// - Throws: ``RecordBatchError`` when there is not such a number of records, or one is malformed.
    public func forEachTimestamp(
        decompressed section: ByteBuffer,
        _ body: (_ records: Range<Int>, _ timestamp: Int64) -> Void
    ) throws(RecordBatchError) {
        let bytes = section.readableBytesUInt8Span
        var scanner = RecordScanner(position: 0)
        var (first, delta) = (0, Int64(0))
        let count = Int(header.recordCount)
        for index in 0..<count {
            do throws(RecordBatchError.RecordDefect) {
                let next = try scanner.skipRecord(in: bytes)
                guard next != delta else { continue }
                if index > first { body(first..<index, header.baseTimestamp &+ delta) }
                (first, delta) = (index, next)
            } catch {
                throw .invalidRecord(index: index, defect: error)
            }
        }
        if count > first { body(first..<count, header.baseTimestamp &+ delta) }
    }
}
