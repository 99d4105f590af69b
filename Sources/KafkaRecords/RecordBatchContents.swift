// SPDX-License-Identifier: Apache-2.0
public import NIOCore

/// The finished but unsealed records of a batch: what a worker compresses, and what it needs to fill in the header.
public struct RecordBatchContents: ~Copyable, Sendable {
    /// 61 bytes kept free for the header, then the uncompressed records.
    public private(set) var buffer: ByteBuffer
    /// Number of records.
    public let recordCount: Int32
    /// Timestamp of the first record in milliseconds since 1970.
    public let baseTimestamp: Int64
    /// Largest timestamp in milliseconds since 1970.
    public let maxTimestamp: Int64

    init(buffer: consuming ByteBuffer, recordCount: Int32, baseTimestamp: Int64, maxTimestamp: Int64) {
        self.buffer = buffer
        self.recordCount = recordCount
        self.baseTimestamp = baseTimestamp
        self.maxTimestamp = maxTimestamp
    }

    /// Bytes of the records alone.
    public var recordsSize: Int { buffer.readableBytes - RecordBatchHeader.size }

    /// Lets `body` read the bytes of the records, the header's left out.
    public func withRecords<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(buffer.readableBytesSpan.extracting(droppingFirst: RecordBatchHeader.size))
    }

    /// Makes a batch of the records as they are, in place.
    public consuming func sealed() -> SealedRecordBatch {
        var contents = self
        let header = contents.header(compression: .none)
        return SealedRecordBatch(buffer: contents.takeBuffer(), header: header)
    }

    /// Makes a batch of the records' compressed form.
    ///
    /// - Parameters:
    ///   - compressed: 61 bytes kept free (`RecordBatchHeader.reserve(in:minimumCapacity:)`), then the bytes that
    ///     `type` made of the records.
    ///   - type: The codec that compressed them.
    /// - Returns: The batch, ready to be stamped.
    public borrowing func sealed(compressed: consuming ByteBuffer, as type: CompressionType) -> SealedRecordBatch {
        SealedRecordBatch(buffer: compressed, header: header(compression: type))
    }

    /// Hands over the buffer as its only owner, so that writing into it copies nothing.
    private mutating func takeBuffer() -> ByteBuffer {
        let taken = buffer
        buffer = ByteBuffer()
        return taken
    }

    /// Ends the contents' use, giving the buffer back for the next batch.
    public consuming func releaseBuffer() -> ByteBuffer { buffer }

    private borrowing func header(compression: CompressionType) -> RecordBatchHeader {
        var header = RecordBatchHeader()
        header.setCompressionType(compression)
        header.lastOffsetDelta = recordCount - 1
        header.baseTimestamp = baseTimestamp
        header.maxTimestamp = maxTimestamp
        header.recordCount = recordCount
        return header
    }
}
