// SPDX-License-Identifier: Apache-2.0
public import NIOCore

/// Takes apart bytes in which batches follow one another, as in a Fetch response or a segment file, where the last one
/// may have been cut off.
public struct RecordBatchSplitter: Sendable {
    /// What was not taken yet. After `next()` returned nil: the bytes of a batch that was cut off, or none.
    public private(set) var remaining: ByteBuffer

    /// Starts at the first readable byte of `buffer`.
    public init(_ buffer: ByteBuffer) {
        remaining = buffer
    }

    /// Takes the next batch, or returns nil when what is left is not a whole one; throws on a whole but invalid batch,
    /// and on a header that no batch can have.
    public mutating func next() throws(RecordBatchError) -> RecordBatchReader? {
        guard let bytes = try nextBytes() else { return nil }
        return try RecordBatchReader(bytes)
    }

    /// Takes the bytes of the next batch without checking more than its format and its length.
    public mutating func nextBytes() throws(RecordBatchError) -> ByteBuffer? {
        let header: RecordBatchHeader
        do throws(RecordBatchError) {
            header = try RecordBatchHeader(decoding: remaining)
        } catch .truncated {
            return nil
        } catch {
            throw error
        }
        return remaining.readSlice(length: header.batchSize)
    }
}
