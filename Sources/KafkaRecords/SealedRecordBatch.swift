// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
public import NIOCore

/// A batch as it goes to the broker, whole but for the producer's id, epoch and sequence, which are known only when it
/// is drained and may change with a retry.
///
/// The checksum of the records is computed once, here, on the sealing thread; `stamp` then only rewrites the header and
/// combines the two checksums, in a tenth of a microsecond whatever the size of the batch.
public struct SealedRecordBatch: Sendable {
    /// The bytes for the wire. Give it to a write as it is; keep no copy while stamping, or stamping copies the bytes.
    public private(set) var buffer: ByteBuffer
    /// What the first 61 bytes of `buffer` say.
    public private(set) var header: RecordBatchHeader
    private let recordsChecksum: UInt32
    private let recordsShift: CRC32C.Shift

    /// - Parameters:
    ///   - buffer: 61 bytes kept free, then the records in the form that `header` says.
    ///   - header: All fields but the length and the checksum.
    init(buffer: consuming ByteBuffer, header: RecordBatchHeader) {
        precondition(buffer.readableBytes >= RecordBatchHeader.size, "no room was kept for the header")
        precondition(buffer.readableBytes <= Int(Int32.max), "a batch has at most 2 GiB")
        self.header = header
        self.header.batchLength = Int32(buffer.readableBytes - RecordBatchHeader.lengthOverhead)
        recordsChecksum = CRC32C.checksum(
            of: buffer.readableBytesSpan.extracting(droppingFirst: RecordBatchHeader.size)
        )
        recordsShift = CRC32C.Shift(over: buffer.readableBytes - RecordBatchHeader.size)
        self.header.write(into: &buffer, recordsChecksum: recordsChecksum, recordsShift: recordsShift)
        self.buffer = buffer
    }

    /// Number of records.
    public var recordCount: Int32 { header.recordCount }

    /// Bytes of the whole batch, header included.
    public var size: Int { buffer.readableBytes }

    /// Writes who sends the batch, and with which sequence number its first record, into the header, and the checksum
    /// that follows from it. May be called again, as for a retry after the epoch was bumped.
    ///
    /// - Parameters:
    ///   - producerID: The id that InitProducerId gave, or -1 without idempotence.
    ///   - producerEpoch: The epoch of that id, or -1.
    ///   - baseSequence: Sequence number of the first record, or -1.
    ///   - isTransactional: Whether the batch belongs to a transaction.
    public mutating func stamp(
        producerID: Int64,
        producerEpoch: Int16,
        baseSequence: Int32,
        isTransactional: Bool = false
    ) {
        header.producerID = producerID
        header.producerEpoch = producerEpoch
        header.baseSequence = baseSequence
        header.isTransactional = isTransactional
        header.write(into: &buffer, recordsChecksum: recordsChecksum, recordsShift: recordsShift)
    }

    /// Ends the batch and gives its memory back, for the next one to use.
    public consuming func releaseBuffer() -> ByteBuffer { buffer }
}
