// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// A batch from a producer that was found to be right, ready to be appended.
struct CheckedBatch {
    /// The whole batch as it came, its base offset still 0.
    let bytes: ByteBuffer
    /// What its first 61 bytes say.
    let header: RecordBatchHeader
}
