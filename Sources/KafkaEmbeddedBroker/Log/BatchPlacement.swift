// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// The first 16 bytes of a batch, the ones that the broker decides and that the checksum does not cover.
struct BatchPlacement {
    /// Bytes of the encoded form.
    static let size = 16

    var baseOffset: Int64
    var batchLength: Int32
    var leaderEpoch: Int32

    /// base offset 8 · batch length 4 · partition leader epoch 4
    var encoded: ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: Self.size)
        buffer.writeMultipleIntegers(baseOffset, batchLength, leaderEpoch)
        return buffer
    }
}
