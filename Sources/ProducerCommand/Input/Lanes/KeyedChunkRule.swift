// SPDX-License-Identifier: Apache-2.0

/// How much of the input records with keys are gathered from at a time, where the input has it.
///
/// What is gathered for one partition is appended in one go, which costs about as much as some records. Of the usual chunk
/// thousands of partitions get less than a record each; a larger one leaves the nearest caches, which costs less than that.
struct KeyedChunkRule: Sendable {
    /// The usual chunk, in bytes.
    var usualChunk = RecordLoader.chunkSize
    /// The largest one, in bytes.
    var largestChunk = 4 << 20
    /// The fewest records for each partition that the usual chunk is good for.
    var fewRecords = 5
    /// How many for each a larger one is to have.
    var goodRecords = 16

    /// How large a good chunk is.
    ///
    /// - Parameters:
    ///   - partitions: How many partitions the topic has.
    ///   - usualRecord: How many bytes of the input a record takes; 0 when that is not known.
    /// - Returns: The size in bytes.
    func size(partitions: Int32, usualRecord: Int) -> Int {
        let (bytes, isHuge) = Int(partitions).multipliedReportingOverflow(by: usualRecord)
        guard !isHuge, bytes < largestChunk else { return largestChunk }
        guard bytes * fewRecords > usualChunk else { return usualChunk }
        return max(usualChunk, min(bytes * goodRecords, largestChunk))
    }
}
