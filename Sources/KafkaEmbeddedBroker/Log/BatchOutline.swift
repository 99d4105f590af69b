// SPDX-License-Identifier: Apache-2.0
import KafkaRecords
import NIOCore

/// What a log needs to know of a batch to find its way from one to the next, read without its records.
struct BatchOutline {
    /// Bytes of the whole batch.
    var size: Int
    var baseOffset: Int64
    var lastOffset: Int64
    /// Milliseconds since 1970.
    var maxTimestamp: Int64

    init(size: Int, baseOffset: Int64, lastOffset: Int64, maxTimestamp: Int64) {
        self.size = size
        self.baseOffset = baseOffset
        self.lastOffset = lastOffset
        self.maxTimestamp = maxTimestamp
    }

    /// The outline of the batch that begins at an index of `buffer`, or nil when no v2 batch header is there whole.
    init?(in buffer: ByteBuffer, at index: Int) {
        guard
            let baseOffset = buffer.getInteger(at: index, as: Int64.self),
            let length = buffer.getInteger(at: index + 8, as: Int32.self),
            let magic = buffer.getInteger(at: index + 16, as: Int8.self),
            let lastOffsetDelta = buffer.getInteger(at: index + 23, as: Int32.self),
            let maxTimestamp = buffer.getInteger(at: index + 35, as: Int64.self)
        else { return nil }
        let size = Int(length) + RecordBatchHeader.lengthOverhead
        guard
            magic == RecordBatchHeader.currentMagic, size >= RecordBatchHeader.size, lastOffsetDelta >= 0,
            baseOffset >= 0, baseOffset < .max - Int64(Int32.max)
        else { return nil }
        self.init(
            size: size,
            baseOffset: baseOffset,
            lastOffset: baseOffset + Int64(lastOffsetDelta),
            maxTimestamp: maxTimestamp
        )
    }
}
