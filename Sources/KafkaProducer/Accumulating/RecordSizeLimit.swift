// SPDX-License-Identifier: Apache-2.0
import KafkaRecords

/// How large a record may be: it must fit into a request of its own, and into memory.
struct RecordSizeLimit: Sendable {
    /// The largest size that is not refused, in bytes.
    let bytes: Int
    private let maxRequestSize: Int
    private let bufferMemory: Int

    init(maxRequestSize: Int, bufferMemory: Int) {
        self.maxRequestSize = maxRequestSize
        self.bufferMemory = bufferMemory
        bytes = min(maxRequestSize, bufferMemory)
    }

    /// The least memory that holds a batch of one record without key, value and headers, in bytes.
    static let leastMemory = RecordBatchBuilder.sizeUpperBound(keyCount: 0, valueCount: 0, headersSize: 1)

    /// What is wrong with a `buffer.memory` that holds no record at all; nil for others. With less than a batch's header
    /// a sending thread would wait for memory that never comes.
    static func objection(toMemory bytes: Int64) -> String? {
        guard bytes < Int64(leastMemory) else { return nil }
        return
            "buffer.memory=\(bytes) holds no record: a batch of one empty record takes \(leastMemory) bytes, and each "
            + "record its own size more"
    }

    /// The limit that a record of so many bytes is over, and the setting that says so.
    func refusal(ofSize size: Int) -> (limit: Int, setting: String)? {
        if size > maxRequestSize { return (maxRequestSize, "max.request.size") }
        if size > bufferMemory { return (bufferMemory, "buffer.memory") }
        return nil
    }
}
