// SPDX-License-Identifier: Apache-2.0

/// A snapshot of what a producer has done and holds.
public struct ProducerStatistics: Sendable, Equatable {
    /// Records delivered; in transactions, those that are committed.
    public var recordsAcked: Int = 0
    /// Records written within the open transaction.
    public var recordsUncommitted: Int = 0
    /// Records that failed for good, those of aborted transactions among them.
    public var recordsFailed: Int = 0
    /// Key, value and header bytes of delivered records.
    public var bytesAcked: Int = 0
    /// Bytes of delivered batches as sent, after compression.
    public var wireBytesAcked: Int = 0
    /// Batches that were opened and are neither delivered nor failed.
    public var batchesIncomplete: Int = 0
    /// Batches sent and not answered.
    public var batchesInFlight: Int = 0
    /// Records in batches sent and not answered.
    public var recordsInFlight: Int = 0
    /// Bytes of `buffer.memory` that are free.
    public var bufferAvailable: Int = 0
    /// Produce requests sent.
    public var requestsSent: Int = 0
    /// Bytes of batches in these requests, after compression.
    public var wireBytesSent: Int = 0
    /// Batches sent again after a failure that passed.
    public var batchesRetried: Int = 0

    /// Nothing done yet.
    public init() {}
}
