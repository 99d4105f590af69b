// SPDX-License-Identifier: Apache-2.0

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

    /// The limit that a record of so many bytes is over, and the setting that says so.
    func refusal(ofSize size: Int) -> (limit: Int, setting: String)? {
        if size > maxRequestSize { return (maxRequestSize, "max.request.size") }
        if size > bufferMemory { return (bufferMemory, "buffer.memory") }
        return nil
    }
}
