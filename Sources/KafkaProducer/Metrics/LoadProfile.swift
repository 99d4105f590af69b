// SPDX-License-Identifier: Apache-2.0

/// Where the time of a load went, which shows what limits it: the input, the codec, memory or the broker.
public struct LoadProfile: Sendable, Equatable {
    /// How long appending threads have waited for `buffer.memory`, all together.
    public var memoryWait = Duration.zero
    /// How long threads have waited for flushes, all together.
    public var flushWait = Duration.zero
    /// How long workers were busy compressing, all together.
    public var codecBusy = Duration.zero
    /// How many workers there are; 0 without compression.
    public var workers = 0
    /// How long batches could not be sent since `max.in.flight.requests.per.connection` requests were not answered.
    public var inFlightFull = Duration.zero
    /// How long batches could not be sent since their partitions had as many batches unanswered as may be, though there was
    /// room on the connections.
    public var partitionsFull = Duration.zero
    /// The shortest time from a Produce request to its answer; `nil` before the first one.
    public var shortestRoundTrip: Duration?
    /// The mean time from a Produce request to its answer; `nil` before the first one.
    public var meanRoundTrip: Duration?
    /// How many batches were sent, those that were sent again counted again.
    public var batchesSent = 0
    /// The bytes of these batches, as they were sent.
    public var batchBytesSent = 0
    /// How many partitions had batches in flight at the same time, at most.
    public var partitionsInFlight = 0
    /// How long batches could not be sent since a broker had asked to wait (KIP-219).
    public var throttled = Duration.zero
    /// How long batches could not be sent since there was no leader, or no connection to it.
    public var unreachable = Duration.zero

    /// The mean size of a batch, as it was sent.
    package var meanBatchSize: Int { batchesSent > 0 ? batchBytesSent / batchesSent : 0 }

    /// Nothing done yet.
    public init() {}
}
