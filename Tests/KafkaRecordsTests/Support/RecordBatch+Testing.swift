// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaProtocol
import KafkaRecords
import NIOCore
import Testing
import Vectors

// What the producer and the broker do with batches, in the fewest lines.

extension RecordBatchContents {
    /// The batch compressed with `codec`.
    func sealed(with codec: Codec) throws -> SealedRecordBatch {
        var compressor = try BatchCompressor(codec)
        return try compressor.seal(self) { makeBuffer(capacity: $0) }
    }
}

/// An empty buffer with room.
private func makeBuffer(capacity: Int) -> ByteBuffer { ByteBufferAllocator().buffer(capacity: capacity) }

extension SealedRecordBatch {
    /// Stamps what the entry says.
    mutating func stamp(_ entry: RecordBatchVectors.Entry) {
        stamp(
            producerID: entry.producerId,
            producerEpoch: entry.producerEpoch,
            baseSequence: entry.baseSequence,
            isTransactional: entry.transactional
        )
    }
}

extension ByteBuffer {
    /// Where the readable bytes lie, to tell a copy from the same memory.
    var address: Int {
        unsafe withUnsafeReadableBytes { Int(bitPattern: $0.baseAddress) }
    }
}
