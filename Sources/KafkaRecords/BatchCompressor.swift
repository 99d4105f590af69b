// SPDX-License-Identifier: Apache-2.0
public import KafkaCompression
public import NIOCore

/// Seals the batches of one worker with one codec: the codec's context and the memory that it writes into stay between
/// batches.
public struct BatchCompressor: ~Copyable {
    private let type: CompressionType
    private var compressor: Compressor
    private var scratch = ByteBuffer()

    /// - Parameter codec: The codec and its level.
    /// - Throws: `CompressionError` when the codec has no such level, or when there is no memory.
    public init(_ codec: Codec) throws(CompressionError) {
        type = CompressionType(codec.name)
        compressor = try Compressor(codec)
    }

    /// The batch of the compressed records, in a buffer of just its size.
    ///
    /// - Parameters:
    ///   - contents: The records.
    ///   - makeBuffer: An empty buffer with at least so many bytes of room.
    /// - Returns: The batch, ready to be stamped.
    /// - Throws: `CompressionError` when the codec fails.
    public mutating func seal(
        _ contents: borrowing RecordBatchContents,
        makeBuffer: (Int) -> ByteBuffer
    ) throws(CompressionError) -> SealedRecordBatch {
        let bound = compressor.maximumCompressedSize(of: contents.recordsSize)
        RecordBatchHeader.reserve(in: &scratch, minimumCapacity: RecordBatchHeader.size + bound)
        let failure = contents.withRecords { records in compress(records, bound: bound) }
        if let failure { throw failure }
        var buffer = makeBuffer(scratch.readableBytes)
        buffer.writeImmutableBuffer(scratch)
        return contents.sealed(compressed: consume buffer, as: type)
    }

    private mutating func compress(_ records: RawSpan, bound: Int) -> CompressionError? {
        do throws(CompressionError) {
            try scratch.writeWithOutputRawSpan(minimumWritableBytes: bound) { output throws(CompressionError) in
                try compressor.compress(records, into: &output)
            }
            return nil
        } catch {
            return error
        }
    }
}
